using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

/// <summary>Transactions as Confluent.Kafka has them.</summary>
public sealed class TransactionTests
{
    [Fact]
    public async Task Committed_records_are_read_and_aborted_ones_are_not()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        using var producer = Producer(broker.BootstrapServers, "tx");
        producer.InitTransactions(Eventually.Limit);
        var expected = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < 5; i++)
                producer.Produce("t", new Message<string, string> { Key = $"{i}", Value = $"{round}.{i}" });
            if (round % 2 == 0)
            {
                producer.CommitTransaction(Eventually.Limit);
                expected.AddRange(Enumerable.Range(0, 5).Select(i => $"{round}.{i}"));
            }
            else
            {
                // An abort throws away what has not been sent.
                producer.Flush(Eventually.Limit);
                producer.AbortTransaction(Eventually.Limit);
            }
        }

        Assert.Equal(expected, ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted).Order());
        Assert.Equal(30, ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadUncommitted).Count);
        await broker.RestartAsync();
        Assert.Equal(expected, ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted).Order());
    }

    [Fact]
    public async Task Records_of_an_open_transaction_are_read_only_by_who_wants_the_uncommitted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = Producer(broker.BootstrapServers, "tx");
        producer.InitTransactions(Eventually.Limit);
        producer.BeginTransaction();
        producer.Produce("t", new Message<string, string> { Key = "k", Value = "open" });
        producer.Flush(Eventually.Limit);
        Assert.Empty(ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted));
        Assert.Equal(["open"], ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadUncommitted));
        producer.CommitTransaction(Eventually.Limit);
        Assert.Equal(["open"], ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task Second_producer_of_an_id_fences_the_first_and_its_open_transaction_is_aborted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var first = Producer(broker.BootstrapServers, "tx");
        first.InitTransactions(Eventually.Limit);
        first.BeginTransaction();
        first.Produce("t", new Message<string, string> { Key = "k", Value = "first" });
        first.Flush(Eventually.Limit);

        using var second = Producer(broker.BootstrapServers, "tx");
        second.InitTransactions(Eventually.Limit);
        second.BeginTransaction();
        second.Produce("t", new Message<string, string> { Key = "k", Value = "second" });
        second.CommitTransaction(Eventually.Limit);

        var fenced = Assert.ThrowsAny<KafkaException>(() => first.CommitTransaction(Eventually.Limit));
        Assert.True(fenced.Error.Code is Confluent.Kafka.ErrorCode.Local_Fenced or Confluent.Kafka.ErrorCode.ProducerFenced, $"{fenced.Error.Code}");
        Assert.Equal(["second"], ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted));
    }

    /// <summary>Reads numbers, writes their squares with the position in one transaction, is thrown away in the middle, and goes on.</summary>
    [Fact]
    public async Task Consume_transform_produce_is_exactly_once_over_restarts_of_the_worker_and_the_broker()
    {
        const int Count = 300;
        await using var broker = await TestBroker.StartAsync();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = "in", NumPartitions = 2, ReplicationFactor = 1 }, new TopicSpecification { Name = "out", NumPartitions = 2, ReplicationFactor = 1 }]);
        }

        using (var source = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            for (var i = 0; i < Count; i++)
                source.Produce("in", new Message<string, string> { Key = $"{i}", Value = $"{i}" });
            source.Flush(Eventually.Limit);
        }

        // Each worker stops in the middle of a transaction, without a word.
        for (var worker = 0; worker < 3; worker++)
            Work(broker.BootstrapServers, transactions: 3, leaveOpen: true);
        await broker.RestartAsync();
        Work(broker.BootstrapServers, transactions: int.MaxValue, leaveOpen: false);
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => $"{i * i}").Order(StringComparer.Ordinal),
            ReadAll(broker.BootstrapServers, "out", IsolationLevel.ReadCommitted).Order(StringComparer.Ordinal));
        Assert.True(ReadAll(broker.BootstrapServers, "out", IsolationLevel.ReadUncommitted).Count > Count);
    }

    [Fact]
    public async Task Transaction_that_takes_too_long_is_aborted_and_its_producer_fenced()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = Producer(broker.BootstrapServers, "tx", c => c.TransactionTimeoutMs = 1_000);
        producer.InitTransactions(Eventually.Limit);
        producer.BeginTransaction();
        producer.Produce("t", new Message<string, string> { Key = "k", Value = "late" });
        producer.Flush(Eventually.Limit);
        using (var client = await broker.ConnectAsync())
        {
            await Eventually.TrueAsync(
                async () => (await client.CallAsync<Protocol.Messages.DescribeTransactionsRequest, Protocol.Messages.DescribeTransactionsResponse>(
                    new() { TransactionalIds = ["tx"] }, 0)).TransactionStates[0].TransactionState == "CompleteAbort",
                "the transaction is aborted");
        }

        Assert.ThrowsAny<KafkaException>(() => producer.CommitTransaction(Eventually.Limit));
        Assert.Empty(ReadAll(broker.BootstrapServers, "t", IsolationLevel.ReadCommitted));
    }

    internal static IProducer<string, string> Producer(string bootstrapServers, string id, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            TransactionalId = id,
            LingerMs = 1,
            ReconnectBackoffMs = 10,
            ReconnectBackoffMaxMs = 100,
            RetryBackoffMs = 10,
        };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Every value of a topic, to where a reader of this kind comes to an end.</summary>
    internal static List<string> ReadAll(string bootstrapServers, string topic, IsolationLevel isolation)
    {
        var config = ConfluentConsumer.Config(bootstrapServers, "read-all");
        config.IsolationLevel = isolation;
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Eventually.Limit).Topics[0].Partitions;
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));
        var (values, ended) = (new List<string>(), new HashSet<Partition>());
        while (ended.Count < partitions.Count)
        {
            var result = consumer.Consume(Eventually.Limit) ?? throw new TimeoutException("the end did not come");
            if (result.IsPartitionEOF)
                ended.Add(result.Partition);
            else
                values.Add(result.Message.Value);
        }

        return values;
    }

    private static void Work(string bootstrapServers, int transactions, bool leaveOpen)
    {
        var config = ConfluentConsumer.Config(bootstrapServers, "squares");
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        using var producer = Producer(bootstrapServers, "squares");
        producer.InitTransactions(Eventually.Limit);
        consumer.Subscribe("in");
        var ended = new HashSet<Partition>();
        for (var done = 0; ended.Count < 2; done++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < 20 && ended.Count < 2;)
            {
                var record = consumer.Consume(Eventually.Limit) ?? throw new TimeoutException("nothing came");
                if (record.IsPartitionEOF)
                {
                    ended.Add(record.Partition);
                    continue;
                }

                var number = int.Parse(record.Message.Value);
                producer.Produce("out", new Message<string, string> { Key = record.Message.Key, Value = $"{number * number}" });
                i++;
            }

            producer.SendOffsetsToTransaction(
                consumer.Assignment.Select(p => new TopicPartitionOffset(p, consumer.Position(p))).Where(p => p.Offset != Offset.Unset),
                consumer.ConsumerGroupMetadata,
                Eventually.Limit);
            if (leaveOpen && done == transactions)
            {
                producer.Flush(Eventually.Limit);
                consumer.Close();
                return;
            }

            producer.CommitTransaction(Eventually.Limit);
        }

        consumer.Close();
    }
}
