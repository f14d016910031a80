/** What a connection tells its owner about; `warn` for what heals by itself. */
export interface RedisLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
