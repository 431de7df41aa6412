using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// Weights as they were once. While they are in use on a thread, ops there read these copies in the place of a module's
/// own parameters and buffers, which may be trained on meanwhile; and products lay those that they meet a second time
/// out for tiles (<see cref="Gemm.Pack"/>), so that a product of few rows runs at the speed of memory. Many threads
/// may use the same ones at once.
/// </summary>
sealed class FrozenWeights
{
    [ThreadStatic]
    static FrozenWeights? s_current;

    // By what stands behind the module's own: a reshape of a weight has a slot of its own.
    readonly Dictionary<Storage, Slot> _copies = new(ReferenceEqualityComparer.Instance);

    // By the weight and how a product reads it; null until it is met a second time.
    readonly ConcurrentDictionary<(Storage Weight, int K, int N, bool Transposed), Array?> _packed = [];

    // By the kernels and how a convolution divides them.
    readonly ConcurrentDictionary<(Storage Kernels, int Groups, int Channels), float[]> _transformed = [];

    // By the weight of a linear map.
    readonly ConcurrentDictionary<Storage, Int8Weights> _bytes = [];

    readonly WeightFormat _format;

    /// <summary>Copies of a module's state, which nobody else holds and nobody writes.</summary>
    public FrozenWeights(IEnumerable<Tensor> state, WeightFormat format = WeightFormat.Float32)
    {
        _format = format;
        foreach (var slot in state.Select(static x => x.Slot))
        {
            if (_copies.ContainsKey(slot.Storage)) continue;
            var copy = slot.Copy(owner: null);
            copy.Role = slot.Role;
            _copies.Add(slot.Storage, copy);
        }
    }

    /// <summary>Whose they are.</summary>
    public object? Holder { get; init; }

    /// <summary>Rounds the copy of a weight, before it is used.</summary>
    public Slot Round(string name, Tensor weight)
    {
        var copy = _copies[weight.Slot.Storage];
        WeightRounding.Round(_format, name, new(copy));
        return copy;
    }

    /// <summary>
    /// A module's weight, [outputs, inputs], as whole numbers; null where it is to be read as it is.
    /// </summary>
    public Int8Weights? Bytes<T>(Slot weight, int inputs, int outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_format != WeightFormat.Int8 || !DTypes.IsSingle<T>() || weight.Role != Role.Parameter
            || inputs is 0 or > Int8Weights.MaxDepth || weight.Shape.Rank != 2 || weight.Shape[0] != outputs
            || weight.Shape[1] != inputs) return null;
        if (_bytes.TryGetValue(weight.Storage, out var found)) return found;
        return _bytes[weight.Storage] =
            new Int8Weights(inputs, outputs, MemoryMarshal.Cast<T, float>(weight.Span<T>()));
    }

    /// <summary>
    /// Those that ops on this thread read; null where they read the module's own. No module is in training while there
    /// are some.
    /// </summary>
    public static FrozenWeights? Current => s_current;

    /// <summary>Whether they are those of all these tensors, and of whatever else.</summary>
    public bool Hold(IEnumerable<Tensor> state) => state.All(x => _copies.ContainsKey(x.Slot.Storage));

    /// <summary>Makes ops on this thread read them until it ends.</summary>
    public Using Use() => new(this);

    /// <summary>An op's inputs with the copies in place of the module's own; room is for as many.</summary>
    public ReadOnlySpan<Slot> Read(ReadOnlySpan<Slot> inputs, Span<Slot> room)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            room[i] = inputs[i];
            // What a scope will take back was computed.
            if (inputs[i].Storage.Owner is null && _copies.TryGetValue(inputs[i].Storage, out var copy))
                room[i] = copy.Shape == inputs[i].Shape ? copy : copy.Reshaped(inputs[i].Shape);
        }
        return room[..inputs.Length];
    }

    /// <summary>
    /// A module's parameter, k × n as it is read, laid out for tiles; false where it is to be read as it lies.
    /// </summary>
    public bool Find<T>(Slot weight, int k, int n, bool transposed, out Factor<T> factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        factor = default;
        if (weight.Role != Role.Parameter) return false;
        var reading = (weight.Storage, k, n, transposed);
        if (!_packed.TryGetValue(reading, out var found))
        {
            _packed[reading] = null;
            return false;
        }
        int length = Gemm.PackedLength<T>(k, n);
        if (found is not T[] numbers)
        {
            numbers = GC.AllocateUninitializedArray<T>(length + CacheLine.Length<T>() - 1, pinned: true);
            Gemm.Pack(k, n, new Factor<T>(weight.Span<T>(), transposed ? k : n, transposed),
                numbers.AsSpan(CacheLine.Begin(numbers)));
            _packed[reading] = numbers;
        }
        factor = new(numbers.AsSpan(CacheLine.Begin(numbers), length), n) { Packed = true };
        return true;
    }

    /// <summary>A module's kernels, transformed for <see cref="Winograd"/>; false where they are to be read.</summary>
    public bool Find<T>(Slot weight, in Convolution convolution, out float[] transformed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        transformed = [];
        if (weight.Role != Role.Parameter || !Winograd.Pays<T>(convolution)) return false;
        var kernels = (weight.Storage, convolution.Groups, convolution.Channels);
        if (!_transformed.TryGetValue(kernels, out transformed!))
        {
            transformed = GC.AllocateUninitializedArray<float>(Winograd.Length(convolution));
            Winograd.Transform(convolution, MemoryMarshal.Cast<T, float>(weight.Span<T>()), transformed);
            _transformed[kernels] = transformed;
        }
        return true;
    }

    /// <summary>Ends the use; what was in use before is in use again.</summary>
    public readonly ref struct Using
    {
        readonly FrozenWeights? _before;

        internal Using(FrozenWeights weights)
        {
            _before = s_current;
            s_current = weights;
        }

        public void Dispose() => s_current = _before;
    }
}

/// <summary>Room for the inputs of an op on the stack.</summary>
[InlineArray(Length)]
struct InputSlots
{
    public const int Length = 8;

    Slot _first;
}
