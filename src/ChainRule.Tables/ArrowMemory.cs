using System.Buffers;
using Apache.Arrow.Memory;

namespace ChainRule.Tables;

/// <summary>Hands out memory up to a limit, for what is unpacked.</summary>
sealed class ArrowMemory(long most) : MemoryAllocator
{
    /// <summary>What is thrown where the limit is passed.</summary>
    public const string TooLarge = "it is, unpacked, larger";

    long _left = most;

    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        if (length < 0 || (_left -= length) < 0) throw new InvalidDataException(TooLarge);
        bytesAllocated = length;
        return new Owner(new byte[length]);
    }

    // The garbage collector takes it back.
    sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
    {
        Memory<byte> IMemoryOwner<byte>.Memory => bytes;

        void IDisposable.Dispose()
        {
        }
    }
}
