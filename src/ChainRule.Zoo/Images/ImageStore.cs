namespace ChainRule.Zoo.Images;

/// <summary>Where the numbers of images of one size are: in memory, or in files.</summary>
abstract class ImageStore
{
    /// <summary>Whether each image is decoded when it is read.</summary>
    public abstract bool IsOnDisk { get; }

    /// <summary>An image as [channels, size, size]. Several threads may read at once.</summary>
    public abstract ReadOnlySpan<byte> Read(int image);

    /// <summary>Runs the body for each number below a count, on several threads.</summary>
    public static void ForEach(int count, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, body);
        }
        catch (AggregateException e)
        {
            // Of several the first by name: the message does not depend on threads.
            var first = e.InnerExceptions.OrderBy(one => one.Message, StringComparer.Ordinal).First();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}

/// <summary>Images in memory, a byte for each number: [images, channels, size, size].</summary>
sealed class HeldImages(byte[] pixels, int numbers) : ImageStore
{
    public override bool IsOnDisk => false;

    public override ReadOnlySpan<byte> Read(int image) => pixels.AsSpan(image * numbers, numbers);
}
