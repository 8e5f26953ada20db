"""Wrong answers to each lesson's exercises, each with a part of the feedback, and what no feedback may give away."""
