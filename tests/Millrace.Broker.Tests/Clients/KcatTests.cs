using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

/// <summary>Driven by kcat, often on a librdkafka of years ago.</summary>
public sealed class KcatTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Lines_come_back_and_are_stored_in_the_codec_that_was_asked_for(string codec)
    {
        await using var broker = await TestBroker.StartAsync();
        var lines = string.Concat(Enumerable.Range(0, 500).Select(i => $"k{i}:value {i} {new string('x', 50)}\n"));
        (await Kcat.RunAsync(broker.BootstrapServers, ["-P", "-t", "t", "-K:", "-z", codec], lines)).ShouldSucceed();
        var read = (await Kcat.RunAsync(broker.BootstrapServers, ["-C", "-t", "t", "-e", "-q", "-K:"])).ShouldSucceed();
        Assert.Equal(lines, read.Output);

        using var client = await broker.ConnectAsync();
        var stored = Batches.HeaderOf((await client.FetchAsync("t", 0)).Records!.Value);
        Assert.Equal(codec, stored.Attributes.Codec.ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task Group_reads_everything_and_commits()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        var lines = Enumerable.Range(0, 30).Select(i => $"{i}").ToList();
        (await Kcat.RunAsync(broker.BootstrapServers, ["-P", "-t", "t", "-p", "-1"], string.Join('\n', lines))).ShouldSucceed();
        string[] arguments = ["-G", "g", "-X", "auto.offset.reset=earliest", "-e", "-q", "t"];
        var first = (await Kcat.RunAsync(broker.BootstrapServers, arguments)).ShouldSucceed();
        Assert.Equal(lines.Order(), first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Empty((await Kcat.RunAsync(broker.BootstrapServers, arguments)).ShouldSucceed().Output);
    }

    [Fact]
    public async Task Topics_are_listed_and_offsets_found_by_time()
    {
        await using var broker = await TestBroker.StartAsync();
        (await Kcat.RunAsync(broker.BootstrapServers, ["-P", "-t", "t"], "a\nb\n")).ShouldSucceed();
        var listed = (await Kcat.RunAsync(broker.BootstrapServers, ["-L"])).ShouldSucceed();
        Assert.Contains("topic \"t\" with 1 partitions", listed.Output);
        var found = (await Kcat.RunAsync(broker.BootstrapServers, ["-Q", "-t", "t:0:1"])).ShouldSucceed();
        Assert.Contains("t [0] offset 0", found.Output);
    }
}
