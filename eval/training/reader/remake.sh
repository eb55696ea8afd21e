#!/bin/sh
# Remakes the reader's weights, from the repository's root: sh eval/training/reader/remake.sh DATA ENCODER TOKENIZER OUT
# About four hours on two free cores; stopped half way, it resumes. Needs: pip install -e '.[train]'
# DATA holds reading/, grounding/, scifact/ and abstracts-100k.jsonl.gz; ENCODER is the folder of the float
# all-MiniLM-L6-v2; TOKENIZER is rag/data/encoder/tokenizer.json.
set -e
export TOKENIZERS_PARALLELISM=false
mkdir -p "$4"
python -m eval.training.reader.train --data "$1" --encoder "$2" --tokenizer "$3" --out "$4" --steps 2400
[ -f "$4/used.json" ] || python -m eval.training.reader.vocabulary --data "$1" --tokenizer "$3" --out "$4/used.json"
python -m eval.training.reader.export --state "$4/state.pt" --encoder "$2" --used "$4/used.json" --out "$4"
python -m eval.training.reader.measure --data "$1" --model "$4/reader.onnx" --tokenizer "$3" > "$4/figures.json"
