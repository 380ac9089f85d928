"""The steps of the main path: functions named after what a person does, each at a window of their own."""
