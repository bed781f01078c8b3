using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Broker.Tests.Clients;
using Millrace.Testing;

namespace Millrace.Broker.Tests;

/// <summary>SIGKILL of a broker that is being written to: what it acknowledged is there afterwards, once.</summary>
public sealed class KillTests
{
    private const int Kills = 3;
    private const int AcknowledgedBetweenKills = 3_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_acknowledged_record_is_there_after_the_kill(bool idempotent)
    {
        var directory = Directory.CreateTempSubdirectory("millrace-kill-").FullName;
        var broker = await BrokerProcess.StartAsync(directory, 0);
        var port = broker.Port;
        try
        {
            using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build())
                await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 3, ReplicationFactor = 1 }]);

            var acknowledged = new HashSet<string>();
            var failed = new List<Error>();
            var sent = 0;
            using (var producer = new ProducerBuilder<string, string>(new ProducerConfig
            {
                BootstrapServers = broker.BootstrapServers,
                Acks = Acks.All,
                EnableIdempotence = idempotent,
                LingerMs = 1,
                ReconnectBackoffMs = 10,
                ReconnectBackoffMaxMs = 100,
            }).SetLogHandler((_, _) => { }).Build())
            {
                for (var kill = 0; kill < Kills; kill++)
                {
                    var target = AcknowledgedNow() + AcknowledgedBetweenKills;
                    while (AcknowledgedNow() < target)
                    {
                        await ProduceAsync(producer, $"{sent++}");
                    }

                    broker.Dispose();
                    broker = await BrokerProcess.StartAsync(directory, port);
                }

                producer.Flush(Eventually.Limit);
            }

            Assert.Empty(failed);
            Assert.Equal(sent, acknowledged.Count);
            var stored = ConfluentConsumer.ReadAll(broker.BootstrapServers, "t", atLeast: sent);
            Assert.Empty(acknowledged.Except(stored.Select(r => r.Message.Value)));
            if (idempotent)
                Assert.Equal(sent, stored.Count);

            int AcknowledgedNow()
            {
                lock (acknowledged)
                    return acknowledged.Count;
            }

            async Task ProduceAsync(IProducer<string, string> producer, string value)
            {
                while (true)
                {
                    try
                    {
                        producer.Produce("t", new Message<string, string> { Key = value, Value = value }, report =>
                        {
                            lock (acknowledged)
                            {
                                if (report.Error.IsError)
                                    failed.Add(report.Error);
                                else
                                    acknowledged.Add(report.Value);
                            }
                        });
                        return;
                    }
                    catch (ProduceException<string, string> e) when (e.Error.Code is Confluent.Kafka.ErrorCode.Local_QueueFull)
                    {
                        var before = AcknowledgedNow();
                        await Eventually.TrueAsync(() => AcknowledgedNow() > before, "the queue gets shorter");
                    }
                }
            }
        }
        finally
        {
            broker.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }
}
