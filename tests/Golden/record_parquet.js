// Writes parquet/polars.parquet: npm install nodejs-polars nodejs-polars-linux-x64-gnu; node record_parquet.js
const pl = require("nodejs-polars");
const rows = [...Array(60).keys()];
const column = (name, type, value) => pl.Series(name, rows.map(value), type);
const start = Date.UTC(2024, 2, 31, 13, 15, 30);
pl.DataFrame([
  column("n", pl.Int32, (i) => i),
  column("x", pl.Float64, (i) => (i % 5 ? i / 8 : null)),
  column("f", pl.Float32, (i) => i / 10),
  column("w", pl.Utf8, (i) => (i % 7 ? `word ${i % 9}` : null)),
  column("b", pl.Bool, (i) => (i % 4 ? i % 3 === 0 : null)),
  column("l", pl.Int64, (i) => i * 1000000007),
  column("day", pl.Date, (i) => new Date(Date.UTC(2024, 2, 1 + i))),
  column("ms", pl.Datetime("ms"), (i) => new Date(start + i)),
  column("u8", pl.UInt8, (i) => i % 250),
]).withColumn(pl.col("w").cast(pl.Categorical).alias("words")).writeParquet("parquet/polars.parquet", { compression: "zstd" });
