using System.Xml.Linq;

namespace Millrace.Architecture.Tests;

/// <summary>The graph of the rooms goes one way. What a room may use stands here, and in ARCHITECTURE.md.</summary>
public sealed class ProjectGraphTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Millrace.Protocol"] = [],
        ["Millrace.Protocol.Generator"] = ["Microsoft.CodeAnalysis.CSharp"],
        ["Millrace.Broker"] = ["Millrace.Protocol", "Microsoft.Extensions.Logging.Abstractions"],
        ["Millrace.Events"] = [],
        ["Millrace.Schemas"] = ["Millrace.Events"],
        ["Millrace.Client"] = ["Millrace.Events", "Confluent.Kafka"],
        ["Millrace.Registry"] = ["Millrace.Events", "Millrace.Schemas", "Npgsql", "Polly.Core"],
        ["Millrace.Pipeline"] = ["Millrace.Events", "Millrace.Schemas", "Confluent.Kafka", "Npgsql", "dbup-postgresql", "Polly.Core"],
        ["Millrace.Operations"] = ["Millrace.Events", "Millrace.Pipeline", "Millrace.Schemas", "Confluent.Kafka", "Npgsql", "Polly.Core"],
        ["Millrace.Chaos"] = ["Confluent.Kafka", "Npgsql"],
        ["Millrace.CommandLine"] = ["Millrace.Broker", "Spectre.Console", "System.CommandLine"],
        ["Millrace.Broker.Host"] = ["Millrace.CommandLine"],
        ["Millrace"] =
        [
            "Millrace.Broker", "Millrace.Chaos", "Millrace.Client", "Millrace.CommandLine", "Millrace.Events", "Millrace.Operations", "Millrace.Pipeline", "Millrace.Registry",
            "Millrace.Schemas", "Confluent.Kafka", "Npgsql", "Microsoft.AspNetCore.OpenApi", "Spectre.Console", "System.CommandLine",
        ],
    };

    /// <summary>Used at build time, or codecs that the wire format itself names; they are no room's business.</summary>
    private static readonly Dictionary<string, string[]> Besides = new()
    {
        ["Millrace.Protocol"] = ["Millrace.Protocol.Generator", "K4os.Compression.LZ4.Streams", "Snappier", "ZstdSharp.Port"],
    };

    public static TheoryData<string> Projects() =>
        [.. Directory.GetFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>()
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_its_room_may_use(string project)
    {
        Assert.True(MayUse.TryGetValue(project, out var allowed), $"{project} has no line in {nameof(MayUse)}: say what it may use.");

        var references = XDocument.Load(Path.Combine(SourceTree.Root, "src", project, $"{project}.csproj"))
            .Descendants()
            .Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference")
            .Select(element => (element.Name.LocalName, Include: element.Attribute("Include")!.Value))
            .Select(reference => reference.LocalName == "ProjectReference" ? Path.GetFileNameWithoutExtension(reference.Include) : reference.Include);

        Assert.Empty(references.Except([.. allowed, .. Besides.GetValueOrDefault(project, [])]));
    }

    [Fact]
    public void Every_room_named_here_exists() => Assert.Empty(MayUse.Keys.Except(Projects().Select(row => row.Data)));
}
