// Original file: proto/rollcall/v1/status_aggregator.proto


export interface CompletionCountsInput {
  'expected'?: (number);
  'done'?: (number);
  'progressing'?: (number);
  'failed'?: (number);
  'lost'?: (number);
  'forgotten'?: (number);
}

export interface CompletionCounts {
  'expected': (number);
  'done': (number);
  'progressing': (number);
  'failed': (number);
  'lost': (number);
  'forgotten': (number);
}
