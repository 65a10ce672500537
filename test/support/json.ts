// A parsed JSON value of unknown shape: tests look at parts of it.
export type Json = ReturnType<typeof JSON.parse>;
