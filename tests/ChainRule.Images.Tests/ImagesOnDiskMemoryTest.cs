using ChainRule.Tests;
using ChainRule.Zoo.Images;

namespace ChainRule.Images.Tests;

[Collection(Alone.Name)]
public sealed class ImagesOnDiskMemoryTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_more_is_held_of_more_images()
    {
        ImageFiles.Install();
        // 256 × 256 in colour: 196,608 bytes each.
        StripedImages.Draw(_folder.Path, 40);
        long few = Held(), one = 3L * 256 * 256;
        StripedImages.Draw(_folder.Path, 160);
        Assert.InRange(Held() - few, -20 * one, 20 * one);
        Assert.True(Held(inMemory: 100) - few > 200 * one);

        long Held(int inMemory = 0)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var data = ImageData.Open(_folder.Path, new ImageOptions(Size: 256, Channels: 3, InMemory: inMemory));
            long held = GC.GetTotalMemory(forceFullCollection: true) - before;
            GC.KeepAlive(data);
            return held;
        }
    }
}
