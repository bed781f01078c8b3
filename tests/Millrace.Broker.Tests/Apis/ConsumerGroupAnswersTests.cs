using Millrace.Testing;

namespace Millrace.Broker.Tests.Apis;

/// <summary>Groups of the new protocol are answered as Apache Kafka answers them.</summary>
public sealed class ConsumerGroupAnswersTests
{
    [Fact]
    public async Task Answers_are_those_of_apache_kafka()
    {
        // Kafka's usual second between two assignments is another time and not another answer.
        await using var kafka = await RealKafka.StartAsync("--set", "group.consumer.assignment.interval.ms=0", "--set", "auto.create.topics.enable=false");
        await using var broker = await TestBroker.StartAsync(o => o.AutoCreateTopics = false);

        var expected = await AnswersAsync(int.Parse(kafka.BootstrapServers.Split(':')[1]));
        var actual = await AnswersAsync(broker.Port);
        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual));
    }

    private static async Task<List<string>> AnswersAsync(int port)
    {
        using var client = await WireClient.ConnectAsync(port);
        var script = new ConsumerGroupScript(client);
        await script.RunAsync();
        return script.Lines;
    }
}
