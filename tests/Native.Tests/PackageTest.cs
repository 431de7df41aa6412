using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text.Json;
using System.Xml.Linq;
using ChainRule.Tests;

namespace Native.Tests;

/// <summary>
/// The library's package as it would be published: what it holds, and a program that uses it outside of this
/// repository.
/// </summary>
public sealed class PackageTest
{
    // What the format of portable symbols names the source of a document.
    static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public void The_library_s_package_is_small_lists_what_it_stands_on_and_serves_a_program_elsewhere()
    {
        using var folder = new TemporaryFolder();
        string feed = folder.PathOf("feed");
        var packed = Shell.Run("dotnet", Shell.Root, [], "pack", "src/ChainRule", "-c", "Release", "--no-build",
            "-o", feed);
        Assert.True(packed.Code == 0, packed.Output);
        Assert.DoesNotContain("warning", packed.Output, StringComparison.Ordinal);
        string file = Assert.Single(Directory.GetFiles(feed, "*.nupkg"));
        Assert.InRange(new FileInfo(file).Length, 1, 2 << 20);
        using (var package = ZipFile.OpenRead(file))
        {
            foreach (string name in (string[])["README.md", "icon.png", "lib/net10.0/ChainRule.dll",
                "lib/net10.0/ChainRule.xml"])
                Assert.NotNull(package.GetEntry(name));
            Assert.InRange(package.GetEntry("icon.png")!.Length, 1, 10_000);
            ListsItsDependencies(package);
        }
        HasEverySource(Assert.Single(Directory.GetFiles(feed, "*.snupkg")));
        ServesAProgram(folder, feed);
    }

    static void ListsItsDependencies(ZipArchive package)
    {
        var metadata = XDocument.Load(package.GetEntry("ChainRule.nuspec")!.Open()).Root!.Elements().Single();
        string Of(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal("icon.png", Of("icon"));
        string[] dependencies = [.. metadata.Descendants().Where(e => e.Name.LocalName == "dependency")
            .Select(e => $"{e.Attribute("id")!.Value} {e.Attribute("version")!.Value}")];
        using var bill = JsonDocument.Parse(package.GetEntry("_manifest/spdx_2.3/manifest.spdx.json")!.Open());
        Assert.Equal("SPDX-2.3", bill.RootElement.GetProperty("spdxVersion").GetString());
        Assert.Equal([$"ChainRule {Of("version")}", .. dependencies], bill.RootElement.GetProperty("packages")
            .EnumerateArray().Select(one => $"{one.GetProperty("name")} {one.GetProperty("versionInfo")}"));
        Assert.Equal(["DESCRIBES", .. dependencies.Select(_ => "DEPENDS_ON")], bill.RootElement
            .GetProperty("relationships").EnumerateArray().Select(one => $"{one.GetProperty("relationshipType")}"));
    }

    static void HasEverySource(string file)
    {
        using var package = ZipFile.OpenRead(file);
        using var symbols = new MemoryStream();
        using (var packed = package.GetEntry("lib/net10.0/ChainRule.pdb")!.Open()) packed.CopyTo(symbols);
        symbols.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        var reader = provider.GetMetadataReader();
        Assert.True(reader.Documents.Count > 100);
        Assert.All(reader.Documents, document => Assert.Contains(reader.GetCustomDebugInformation(document),
            one => reader.GetGuid(reader.GetCustomDebugInformation(one).Kind) == s_embeddedSource));
    }

    /// <summary>With a folder of packages of its own, empty before, and no feed but files of this machine.</summary>
    static void ServesAProgram(TemporaryFolder folder, string feed)
    {
        string restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        folder.Write("NuGet.config", $"""
            <configuration>
              <packageSources><clear /><add key="new" value="{feed}" /><add key="here" value="{restored}" />
              </packageSources>
            </configuration>
            """);
        folder.Write("program.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings><UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="ChainRule" Version="0.1.0" /></ItemGroup>
            </Project>
            """);
        folder.Write("program.cs", """
            using ChainRule;
            var x = Tensor.From([1f, 2f, 3f]).RequireGrad();
            (x * x).Sum().Backward();
            Console.WriteLine(string.Join(' ', x.Grad.ToArray<float>()));
            """);
        var ran = Shell.Run("dotnet", folder.Path, [("NUGET_PACKAGES", folder.PathOf("own"))], "run");
        Assert.True(ran.Code == 0, ran.Output);
        Assert.Equal("2 4 6", ran.Output.Trim());
        Assert.True(Directory.Exists(folder.PathOf("own/chainrule/0.1.0")));
    }
}
