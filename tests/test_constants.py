from agora_helpers.constants import NAME_ALPHABET, PRIVILEGE_NAMES, ServiceType
from agora_helpers.tokens.services import SERVICE_CLASSES


def test_agora_allows_89_characters_in_names() -> None:
    assert len(set(NAME_ALPHABET)) == len(NAME_ALPHABET) == 89
    assert not set(NAME_ALPHABET) & set("\"'*/\\`")
    assert NAME_ALPHABET.isascii()


def test_every_service_type_has_a_class_and_names_for_its_privileges() -> None:
    assert set(SERVICE_CLASSES) == set(ServiceType) == set(range(1, 11))
    assert set(PRIVILEGE_NAMES) == {None, *ServiceType}
