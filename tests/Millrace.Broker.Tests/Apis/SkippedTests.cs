using Millrace.Protocol.Messages;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Apis;

/// <summary>SKIPPED.md names exactly what Apache Kafka announces and this broker does not.</summary>
public sealed class SkippedTests
{
    /// <summary>Key and highest version of what Apache Kafka 4.3.1 announces.</summary>
    private static readonly (short Key, short MaxVersion)[] Kafka =
    [
        (0, 13), (1, 18), (2, 11), (3, 13), (8, 10), (9, 10), (10, 6), (11, 9), (12, 4), (13, 5), (14, 5), (15, 6), (16, 5), (17, 1), (18, 4), (19, 7), (20, 6),
        (21, 2), (22, 5), (23, 4), (24, 5), (25, 4), (26, 5), (27, 2), (28, 5), (29, 3), (30, 3), (31, 3), (32, 4), (33, 2), (34, 2), (35, 5), (36, 2), (37, 3),
        (38, 3), (39, 2), (40, 2), (41, 3), (42, 2), (43, 2), (44, 1), (45, 1), (46, 0), (47, 0), (48, 1), (49, 1), (50, 0), (51, 0), (55, 2), (57, 2), (60, 2),
        (61, 0), (64, 0), (65, 0), (66, 2), (68, 1), (69, 1), (74, 1), (75, 0), (76, 1), (77, 1), (78, 2), (79, 2), (80, 1), (81, 0), (83, 0), (84, 0), (85, 1),
        (86, 0), (87, 1), (88, 0), (89, 0), (90, 1), (91, 0), (92, 0),
    ];

    [Fact]
    public async Task Page_names_what_is_not_announced_and_nothing_else()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var announced = (await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0)).ApiKeys.ToDictionary(a => a.ApiKey, a => a.MaxVersion);

        var (apis, versions) = ReadPage();
        Assert.Equal(Kafka.Select(k => k.Key).Where(k => !announced.ContainsKey(k)), apis);
        Assert.Equal(
            Kafka.Where(k => announced.TryGetValue(k.Key, out var max) && max != k.MaxVersion).Select(k => (k.Key, announced[k.Key])), versions);
    }

    private static (List<short> Apis, List<(short Key, short MaxVersion)> Versions) ReadPage()
    {
        var (apis, versions, inVersions) = (new List<short>(), new List<(short, short)>(), false);
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "SKIPPED.md")))
        {
            inVersions |= line == "## Versions";
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length < 4 || !short.TryParse(cells[1], out var key))
                continue;
            if (inVersions)
                versions.Add((key, short.Parse(cells[3])));
            else
                apis.Add(key);
        }

        return (apis, versions);
    }
}
