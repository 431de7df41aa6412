using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Training;

/// <summary>
/// What a step in shards begins from and has to put back: buffers, which every shard starts from as they are, and
/// generators, which give every shard a stream of its own.
/// </summary>
sealed class StepShards
{
    readonly RandomSource[] _generators;
    readonly ulong[] _bases;
    readonly byte[][] _after;
    readonly (Slot Buffer, Slot Before)[] _buffers;

    /// <param name="model">What is trained.</param>
    /// <param name="parameters">What is updated, in the order in which a backward pass reaches them last to
    /// first.</param>
    /// <param name="generators">What a loss may draw from.</param>
    /// <param name="group">The workers; null for this one alone.</param>
    public StepShards(Module model, IReadOnlyList<Tensor> parameters, IEnumerable<RandomSource> generators,
        WorkerGroup? group)
    {
        _generators = [.. generators.Distinct()];
        (_bases, _after) = (new ulong[_generators.Length], new byte[_generators.Length][]);
        Group = group;
        Slot[] buffers = [.. model.State().Values.Select(one => one.Slot).Where(one => one.Role == Role.Buffer)];
        _buffers = [.. buffers.Select(one => (one, one.Copy(null)))];
        var entries = parameters.Reverse().Select(one => new GradientSum.Entry(one.Slot, IsBuffer: false))
            .Concat(buffers.Select(one => new GradientSum.Entry(one, IsBuffer: true))).ToArray();
        var dtype = parameters[0].DType;
        if (Array.Find(entries, one => one.Owner.DType != dtype) is { } other)
            Throw.Invalid($"train in shards: a parameter or buffer {other.Owner.Shape} is {other.Owner.DType}, and "
                + $"others are {dtype}: convert the model by To(…), so that all are alike");
        Sum = GradientSum.Of(dtype, entries, group);
    }

    /// <summary>The workers; null for this one alone.</summary>
    public WorkerGroup? Group { get; }

    /// <summary>How many rows a shard has at least: of one alone there is no variance.</summary>
    public int LeastRows => _buffers.Length > 0 ? 2 : 1;

    /// <summary>What adds the shards' gradients up.</summary>
    public GradientSum Sum { get; }

    /// <summary>Everything that decides the numbers to come but parameters: to be put back where a step
    /// fails.</summary>
    public Action Remember()
    {
        byte[][] states = [.. _generators.Select(one => one.GetState())];
        return () =>
        {
            for (int i = 0; i < states.Length; i++) _generators[i].SetState(states[i]);
            RestoreBuffers();
        };
    }

    /// <summary>Before the first shard: each generator is drawn from once, however many shards there are.</summary>
    public void Begin()
    {
        for (int i = 0; i < _generators.Length; i++)
        {
            _bases[i] = BitConverter.DoubleToUInt64Bits(_generators[i].NextDouble());
            _after[i] = _generators[i].GetState();
        }
        foreach (var (buffer, before) in _buffers) DTypes.Convert(buffer, before);
    }

    /// <summary>Before a shard: its own stream of random numbers, and buffers as they were before the step.</summary>
    public void Begin(int shard)
    {
        for (int i = 0; i < _generators.Length; i++)
        {
            if (!_generators[i].Restart(Mixed(_bases[i] + (ulong)shard * 0x9E3779B97F4A7C15)))
                Throw.Invalid($"train in shards: a {_generators[i].GetType().Name} cannot begin a stream for each "
                    + "shard: draw from a TorchRandom, a NumpyRandom or a PythonRandom");
        }
        RestoreBuffers();
    }

    /// <summary>After a shard: its buffers count by its part of the step's rows.</summary>
    public void Weigh(double part)
    {
        foreach (var (buffer, _) in _buffers)
        {
            var work = new Scaling(buffer, part);
            DTypes.Run(buffer.DType, ref work);
        }
    }

    /// <summary>After the last shard: generators stand where one draw brought them.</summary>
    public void End()
    {
        for (int i = 0; i < _generators.Length; i++) _generators[i].SetState(_after[i]);
    }

    void RestoreBuffers()
    {
        foreach (var (buffer, before) in _buffers)
        {
            DTypes.Convert(before, buffer);
            buffer.Storage.Version++;
        }
    }

    // SplitMix64: neighbours become numbers that have nothing to do with each other.
    static ulong Mixed(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    readonly struct Scaling(Slot x, double by) : INumeric
    {
        void INumeric.Run<T>() => Kernels.Addition.Scale<T>(x.Span<T>(), T.CreateTruncating(by), x.Span<T>());
    }
}
