DROP FUNCTION giving_code_holder(text);
DROP TABLE roosjes_signal, line_question, roosjes_note, giving_code;
