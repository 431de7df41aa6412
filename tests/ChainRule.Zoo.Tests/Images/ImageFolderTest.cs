using ChainRule.Tests;
using ChainRule.Zoo.Images;

namespace ChainRule.Zoo.Tests.Images;

public sealed class ImageFolderTest
{
    [Fact]
    public void Files_that_are_passed_over_are_counted()
    {
        using var folder = new TemporaryFolder();
        void Write(params string[] names)
        {
            foreach (string name in names)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(name))!);
                File.WriteAllText(folder.PathOf(name), "");
            }
        }
        string PassedOver() => ImageFolder.PassedOver([folder.Path], ["cat", "dog"]);
        Write("cat/1.png", "cat/2.JPG", "dog/1.jpeg", "cat/.hidden", "readme.txt");
        Assert.Equal("", PassedOver());
        Write("cat/old/5.png");
        Assert.Equal("1 file is passed over: 1 in folders inside of those of the classes", PassedOver());
        Write("cat/3.bmp", "dog/3.BMP", "dog/4.webp", "dog/notes", "6.png");
        Assert.Equal("6 files are passed over: 1 without an ending, 2 .bmp, 1 .webp (PNG and JPEG files alone are "
            + "read); 1 in folders inside of those of the classes; 1 in no folder of a class", PassedOver());
    }
}
