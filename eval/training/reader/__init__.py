"""Trains the learned reader: `sh eval/training/reader/remake.sh DATA ENCODER TOKENIZER OUT` remakes its weights; needs the extra `train`."""
