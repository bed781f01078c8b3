using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests.Apis;

/// <summary>Every version of every API that is announced is answered, and nothing else is.</summary>
public sealed class VersionsTests
{
    [Fact]
    public async Task Every_announced_version_of_every_api_is_answered_in_its_own_format()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var topicId = await client.CreateTopicAsync(SampleRequests.Topic);
        var id = 1000;
        foreach (var sample in SampleRequests.All(topicId))
        {
            for (var version = sample.MinVersion; version <= sample.MaxVersion; version++)
            {
                await client.SendBytesAsync(sample.Frame(version, ++id));
                var answer = await client.ReceiveFrameAsync();
                Assert.True(answer is not null, $"{sample.Api} v{version} closed the connection");
                sample.CheckAnswer(answer, version, id);
            }
        }
    }

    [Fact]
    public async Task Announced_versions_are_those_of_the_samples()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var response = await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new() { ClientSoftwareName = "a", ClientSoftwareVersion = "b" }, 3);

        // Produce says 0, because librdkafka before 2.11 does not compress for a broker that does not.
        var expected = SampleRequests.All(Guid.Empty)
            .Select(s => ((short)s.Api, s.Api is ApiKey.Produce ? (short)0 : s.MinVersion, s.MaxVersion))
            .Order();
        Assert.Equal(expected, response.ApiKeys.Select(a => (a.ApiKey, a.MinVersion, a.MaxVersion)).Order());
    }

    [Fact]
    public async Task Unknown_version_of_ApiVersions_is_answered_in_version_0()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();

        // key 18, version 99, correlation id 7, client id "c", no tags, a body that nobody knows yet
        await client.SendBytesAsync(Convert.FromHexString("00000010" + "0012" + "0063" + "00000007" + "000163" + "00" + "DEADBEEF"));
        var frame = await client.ReceiveFrameAsync();
        Assert.Equal(Convert.FromHexString("00000007" + "0023" + "00000001" + "0012" + "0000" + "0004"), frame);

        // And the connection lives.
        await client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
    }

    [Theory]
    [InlineData(0, 2)] // Produce before version 3, announced and not served
    [InlineData(0, 14)]
    [InlineData(1, 18)]
    [InlineData(3, 14)]
    [InlineData(17, 2)] // SaslHandshake
    [InlineData(24, 4)] // AddPartitionsToTxn between brokers
    [InlineData(26, 5)] // EndTxn of the second transaction protocol
    [InlineData(68, 2)] // ConsumerGroupHeartbeat
    [InlineData(76, 0)] // ShareGroupHeartbeat
    [InlineData(999, 0)]
    [InlineData(-1, 0)]
    [InlineData(3, -1)]
    public async Task Unknown_api_or_version_closes_the_connection(short key, short version)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendBytesAsync(Convert.FromHexString($"0000000C{key:X4}{version:X4}00000001FFFF0000"));
        Assert.Null(await client.ReceiveFrameAsync());
    }
}
