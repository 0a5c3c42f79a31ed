"""Delivers a config and waits until it is in force everywhere.

    CONTROLLER=host:port AGGREGATOR=host:port python3 deliver.py ENV ID FILE

Needs grpcio, protobuf, and the stubs that generate.sh makes beside it.
"""

import os
import random
import sys
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen"))

import grpc
from rollcall.v1 import controller_pb2, controller_pb2_grpc
from rollcall.v1 import status_aggregator_pb2 as aggregator_pb2
from rollcall.v1 import status_aggregator_pb2_grpc as aggregator_pb2_grpc

CALL_S = 5
ROLLOUT_S = 120
ATTEMPTS = 8
# A call that ends so may be repeated: the server was away, had no room, or nobody knows.
PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}


def patiently(call, request, timeout):
    """Repeats what passes by itself, a little later each time."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return call(request, timeout=timeout)
        except grpc.RpcError as error:
            if attempt == ATTEMPTS or error.code() not in PASSING:
                raise
            time.sleep(0.1 * 2**attempt * random.uniform(0.5, 1))


def main(env, config_id, file):
    controller = controller_pb2_grpc.ControllerStub(
        grpc.insecure_channel(os.environ["CONTROLLER"])
    )
    aggregator = aggregator_pb2_grpc.StatusAggregatorStub(
        grpc.insecure_channel(os.environ["AGGREGATOR"])
    )
    with open(file, encoding="utf-8") as text:
        # One id for all repetitions: whatever became of the first one, there is one write.
        request = controller_pb2.SetIngressConfigRequest(
            env=env, id=config_id, config_json=text.read(), request_id=str(uuid.uuid4())
        )
    config = patiently(controller.SetIngressConfig, request, CALL_S).config
    print(f"generation {config.generation} is durable")
    # `after` keeps an aggregator that is a moment behind from speaking of the generation before.
    question = aggregator_pb2.WaitForCompletionRequest(
        envs=[env], id=config_id, generation=config.generation, after=config.after
    )
    waited = patiently(aggregator.WaitForCompletion, question, ROLLOUT_S)
    outcome = aggregator_pb2.WaitOutcome.Name(waited.outcome)
    print(f"{outcome}: {waited.reason}")
    return 0 if outcome.startswith("WAIT_OUTCOME_DONE") else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
