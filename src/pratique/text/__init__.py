"""Text: lengths, sentences, numbers, links and language, for Chinese and English alike."""
