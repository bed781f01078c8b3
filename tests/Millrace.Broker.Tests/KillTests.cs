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

    /// <summary>
    /// Transactions that move a counter: each writes its number to all partitions and commits it as an offset. Whatever the kill hits, a
    /// transaction is there as a whole or not at all, and the offset is that of the last one that is.
    /// </summary>
    [Fact]
    public async Task Transactions_are_whole_after_the_kill_and_their_offsets_agree()
    {
        var directory = Directory.CreateTempSubdirectory("millrace-kill-").FullName;
        var broker = await BrokerProcess.StartAsync(directory, 0);
        var port = broker.Port;
        try
        {
            using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build())
                await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 3, ReplicationFactor = 1 }]);

            var committed = 0;
            var stop = false;
            var working = Task.Run(() =>
            {
                using var consumer = new ConsumerBuilder<string, string>(ConfluentConsumer.Config(broker.BootstrapServers, "counter")).Build();
                // librdkafka 2.16 hangs otherwise: it replaces its brokers when all are gone, and sends offsets to one that it has replaced.
                using var producer = TransactionTests.Producer(broker.BootstrapServers, "counter", c => c.Set("metadata.recovery.strategy", "none"));
                producer.InitTransactions(Eventually.Limit);
                while (!Volatile.Read(ref stop))
                {
                    var number = committed + 1;
                    producer.BeginTransaction();
                    for (var partition = 0; partition < 3; partition++)
                        producer.Produce(new TopicPartition("t", partition), new Message<string, string> { Key = "k", Value = $"{number}" });
                    Retried(() => producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, number)], consumer.ConsumerGroupMetadata, Eventually.Limit));
                    Retried(() => producer.CommitTransaction(Eventually.Limit));
                    Volatile.Write(ref committed, number);
                }
            });
            for (var kill = 0; kill < Kills; kill++)
            {
                var target = Volatile.Read(ref committed) + 30;
                await Eventually.TrueAsync(() => Volatile.Read(ref committed) >= target || working.IsFaulted, "transactions are committed");
                broker.Dispose();
                broker = await BrokerProcess.StartAsync(directory, port);
            }

            var last = Volatile.Read(ref committed) + 1;
            await Eventually.TrueAsync(() => Volatile.Read(ref committed) >= last || working.IsFaulted, "the last restart is got over");
            Volatile.Write(ref stop, true);
            await working;

            var values = TransactionTests.ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted).Select(int.Parse).Order();
            Assert.Equal(Enumerable.Range(1, committed).SelectMany(n => new[] { n, n, n }), values);
            using var reader = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
            var offsets = await reader.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("counter", null)]);
            Assert.Equal(committed, Assert.Single(offsets[0].Partitions).Offset.Value);
        }
        finally
        {
            broker.Dispose();
            Directory.Delete(directory, recursive: true);
        }

        static void Retried(Action call)
        {
            while (true)
            {
                try
                {
                    call();
                    return;
                }
                catch (KafkaRetriableException)
                {
                    // The broker is being started again.
                }
            }
        }
    }
}
