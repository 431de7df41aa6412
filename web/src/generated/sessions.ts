// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.

export interface OpenRequest {
  room: string;
}

export interface OpenAnswer {
  session: string;
  room: string;
}

export interface RefusedAnswer {
  refused: string;
}

export interface LabRoomsAnswer {
  rooms: LabRoomName[];
  engine: string;
}

export interface LabRoomName {
  name: string;
  title: string;
}

export interface NumberBlock {
  at: number;
  count: number;
  kind: string;
}
