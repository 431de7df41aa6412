using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Diagnosing;

sealed partial class Subject<TX, TY>
{
    // Of a data set, blocks of neighbouring rows from all over it; of a stream that has none, what it brings first.
    Dataset<TX, TY> SomeRows()
    {
        if (_trainer.Batches.Source is { } source) return Some(source);
        try
        {
            List<TX> x = [];
            List<TY> y = [];
            for (int i = 0, rows = 0; rows < _options.Rows && i < _trainer.Batches.PerEpoch; i++)
            {
                var batch = _trainer.Batches.Next();
                x.Add(batch.Inputs);
                y.Add(batch.Targets);
                rows += batch.Inputs.Shape[0];
            }
            return new(Joined(x), Joined(y));
        }
        finally
        {
            _start.Restore(_trainer, own: true);
        }
    }

    Dataset<TX, TY> Some(IRowSource<TX, TY> all)
    {
        int rows = Math.Min(_options.Rows, all.Count);
        if (rows == all.Count && all is Dataset<TX, TY> whole) return whole;
        int block = Math.Min(BlockRows, rows), blocks = rows / block;
        long apart = (all.Count - block) / Math.Max(1, blocks - 1);
        var (x, y) = all.Read([.. from b in Enumerable.Range(0, blocks) from i in Enumerable.Range(0, block)
            select (int)(b * apart) + i]);
        return new(x, y);
    }

    static T Joined<T>(List<T> parts)
    {
        if (parts.Count == 1) return parts[0];
        if (parts[0] is Tensor) return (T)(object)Tensor.Concat(0, [.. parts.Select(p => (Tensor)(object)p!)]);
        if (parts[0] is Ids first)
        {
            Ids[] all = [.. parts.Select(p => (Ids)(object)p!)];
            int[] sizes = [.. Enumerable.Range(0, first.Shape.Rank).Select(axis => first.Shape[axis])];
            sizes[0] = all.Sum(ids => ids.Shape[0]);
            return (T)(object)Ids.From([.. all.SelectMany(ids => ids.Span.ToArray())], sizes);
        }
        return parts[0];
    }

    Batches<TX, TY> Drawn(Variation v)
    {
        if (v.Drawing == Drawing.Own && v.BatchSize is null) return _trainer.Batches;
        if (v.Drawing == Drawing.Few)
        {
            var (x, y) = _trainer.Batches.Next();
            int[] few = [.. Enumerable.Range(0, Math.Min(FewRows, x.Shape[0]))];
            return Batches.Shuffled(new Dataset<TX, TY>(x, y).Take(few), few.Length, seed: 1);
        }
        var all = _trainer.Batches.Source ?? _rows;
        int size = v.BatchSize ?? Math.Min(all.Count, _trainer.Batches.Next().Inputs.Shape[0]);
        if (v.Drawing == Drawing.Balanced && LabelsOf(all.Targets) is { } labels)
        {
            // As often as the most frequent class: rows of the others come again.
            int[][] classes = [.. labels.Select((label, row) => (label, row)).GroupBy(p => p.label, p => p.row)
                .Select(rows => rows.ToArray())];
            int most = classes.Max(rows => rows.Length);
            all = all.Take([.. from rows in classes from i in Enumerable.Range(0, most) select rows[i % rows.Length]]);
        }
        return Batches.Random(all, Math.Min(size, all.Count), new TorchRandom(1));
    }

    double[] Stream()
    {
        List<double> stream = [];
        try
        {
            while (stream.Count < StreamRows)
            {
                var y = _trainer.Batches.Next().Targets;
                int rows = y.Shape[0];
                if (LabelsOf(y) is { } labels) stream.AddRange(labels.Select(label => (double)label));
                else if (y is Tensor && Matrix(y) is { } numbers) stream.AddRange(numbers.Select(row => row[0]));
                else break;
                if (rows == 0) break;
            }
            return [.. stream];
        }
        finally
        {
            Restore();
        }
    }
}
