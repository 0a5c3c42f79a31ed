#!/bin/sh
# Makes the stubs in gen/ from Rollcall's protos. On Debian: apt-get install python3-grpcio
# python3-protobuf protobuf-compiler protobuf-compiler-grpc
set -eu
here=$(dirname "$0")
proto=${ROLLCALL_PROTO:-$here/../../../proto}
mkdir -p "${1:-$here/gen}"
out=$(cd "${1:-$here/gen}" && pwd)
cd "$proto"
protoc -I . --python_out="$out" --grpc_python_out="$out" \
  --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" \
  rollcall/v1/*.proto google/api/*.proto
