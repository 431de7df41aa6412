using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace ChainRule.Training;

/// <summary>What a pickle names as a function or a class. It is a name, and nothing is looked up or called.</summary>
/// <param name="Name">Module and name, such as <c>collections.OrderedDict</c>.</param>
sealed record PickleGlobal(string Name);

/// <summary>What a pickle asks to be made by calling a function: kept as it was asked for.</summary>
sealed record PickleCall(string Function, object?[] Arguments);

/// <summary>What lies outside of a pickle, by what it is asked for with.</summary>
sealed record PickleOutside(object? Id);

/// <summary>
/// Reads a pickle of Python as data: dictionaries, lists, tuples, texts and numbers. Where Python would import and
/// call,
/// this keeps the name and the arguments; functions that are not on the list are refused.
/// </summary>
/// <remarks>The opcodes of Python's pickletools, protocols 0 to 5, those that data need.</remarks>
sealed class PickleReader(ReadOnlyMemory<byte> bytes, string what, IReadOnlySet<string> allowed)
{
    // Each step of a pickle makes at most one object: no more of them than there are bytes. Copies of them have a
    // bound.
    const int MostItems = 10_000_000;

    static readonly object s_mark = new();

    readonly List<object?> _stack = [];
    readonly Dictionary<long, object?> _memo = [];
    int _at, _items;

    public object? Read()
    {
        while (true)
        {
            byte op = Byte();
            switch ((char)op)
            {
                case '\x80': Byte(); break;
                case '\x95': Take(8); break;
                case '.': return Pop();
                case '(': Push(s_mark); break;
                case '0': Pop(); break;
                case '1': PopMark(); break;
                case '2': Push(Top()); break;
                case 'N': Push(null); break;
                case '\x88': Push(true); break;
                case '\x89': Push(false); break;
                case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case 'K': Push((long)Byte()); break;
                case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case '\x8a': Push(Long(Byte())); break;
                case '\x8b': Push(Long(BinaryPrimitives.ReadInt32LittleEndian(Take(4)))); break;
                case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case 'X': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
                case '\x8c': Push(Text(Byte())); break;
                case '\x8d': Push(Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))); break;
                case 'U': Push(Text(Byte())); break;
                case 'T': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
                case 'C' or 'B' or '\x8e': Push(Blob((char)op)); break;
                case '}': Push(new List<KeyValuePair<object?, object?>>()); break;
                case ']': Push(new List<object?>()); break;
                case ')': Push(Array.Empty<object?>()); break;
                case 't': Push(PopMark()); break;
                case '\x85': Push(PopMany(1)); break;
                case '\x86': Push(PopMany(2)); break;
                case '\x87': Push(PopMany(3)); break;
                case 'a': Append([Pop()]); break;
                case 'e': Append(PopMark()); break;
                case 's': Set(PopMany(2)); break;
                case 'u': Set(PopMark()); break;
                case 'q': _memo[Byte()] = Top(); break;
                case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
                case '\x94': _memo[_memo.Count] = Top(); break;
                case 'h': Remembered(Byte()); break;
                case 'j': Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
                case 'c': Push(Global($"{Line()}.{Line()}")); break;
                case '\x93': StackGlobal(); break;
                case 'R': Call(); break;
                // The state of an object, such as the versions of a state dict: it is no part of the data.
                case 'b': Pop(); break;
                case 'Q': Push(new PickleOutside(Pop())); break;
                default: Refuse($"it holds the opcode 0x{op:X2}, which data do not need"); break;
            }
        }
    }

    object?[] Blob(char op)
    {
        ulong length = op == 'C' ? Byte() : op == 'B' ? BinaryPrimitives.ReadUInt32LittleEndian(Take(4))
            : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        Skip(length);
        return [];
    }

    void StackGlobal()
    {
        object?[] names = PopMany(2);
        if (names is not [string module, string name]) Refuse("a name is no text");
        else Push(Global($"{module}.{name}"));
    }

    PickleGlobal Global(string name)
    {
        if (!allowed.Contains(name))
            Refuse($"it asks for '{Printable.Of(name, 80)}', and tensors alone are read: nothing of it was executed");
        return new(name);
    }

    void Call()
    {
        object?[] both = PopMany(2);
        if (both is not [PickleGlobal function, object?[] arguments]) Refuse("it calls what is no function");
        // An ordered dictionary is filled afterwards, as any other.
        else if (function.Name == "collections.OrderedDict") Push(new List<KeyValuePair<object?, object?>>());
        else Push(new PickleCall(function.Name, arguments));
    }

    void Append(object?[] items)
    {
        if (Top() is not List<object?> list) Refuse("it appends to what is no list");
        else
        {
            Count(items.Length);
            list.AddRange(items);
        }
    }

    void Set(object?[] items)
    {
        if (items.Length % 2 != 0 || Top() is not List<KeyValuePair<object?, object?>> fields)
        {
            Refuse("it sets items of what is no dictionary");
            return;
        }
        Count(items.Length);
        for (int i = 0; i < items.Length; i += 2) fields.Add(new(items[i], items[i + 1]));
    }

    void Remembered(long key)
    {
        if (!_memo.TryGetValue(key, out object? value)) Refuse("it recalls what it did not keep");
        Push(value);
    }

    long Long(int length)
    {
        if (length is < 0 or > sizeof(long)) Refuse("a whole number is longer than any that is read");
        return (long)new BigInteger(Take(length));
    }

    string Text(ulong length)
    {
        if (length > (ulong)(bytes.Length - _at)) Refuse("it ends in the middle of a text");
        return Encoding.UTF8.GetString(Take((int)length));
    }

    string Line()
    {
        int end = bytes.Span[_at..].IndexOf((byte)'\n');
        if (end < 0) Refuse("it ends in the middle of a name");
        string line = Encoding.UTF8.GetString(bytes.Span.Slice(_at, end));
        _at += end + 1;
        return line;
    }

    void Count(int more)
    {
        _items += more;
        if (_items > MostItems) Refuse($"it makes more than {MostItems:N0} objects");
    }

    void Push(object? value)
    {
        Count(1);
        _stack.Add(value);
    }

    object? Top()
    {
        if (_stack.Count == 0 || _stack[^1] == s_mark) Refuse("it uses more than it made");
        return _stack[^1];
    }

    object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    object?[] PopMany(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--) items[i] = Pop();
        return items;
    }

    object?[] PopMark()
    {
        int at = _stack.LastIndexOf(s_mark);
        if (at < 0) Refuse("it uses more than it made");
        object?[] items = [.. _stack[(at + 1)..]];
        _stack.RemoveRange(at, _stack.Count - at);
        return items;
    }

    byte Byte() => Take(1)[0];

    void Skip(ulong length)
    {
        if (length > (ulong)(bytes.Length - _at)) Refuse("it ends in the middle of bytes");
        _at += (int)length;
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - _at) Refuse("it is cut off");
        var part = bytes.Span.Slice(_at, count);
        _at += count;
        return part;
    }

    [DoesNotReturn]
    void Refuse(string says) => Throw.Data($"{what}: {says}");
}
