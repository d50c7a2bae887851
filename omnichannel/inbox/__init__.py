"""Stories of a conversation, one verb a file: what happens when somebody writes, answers, or looks."""
