// Original file: node_modules/google-proto-files/google/rpc/error_details.proto


export interface _google_rpc_Help_LinkInput {
  'description'?: (string);
  'url'?: (string);
}

export interface _google_rpc_Help_Link {
  'description': (string);
  'url': (string);
}

export interface HelpInput {
  'links'?: (_google_rpc_Help_LinkInput)[];
}

export interface Help {
  'links': (_google_rpc_Help_Link)[];
}
