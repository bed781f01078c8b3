using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Protocol.Messages;
using Millrace.Testing;
using ErrorCode = Millrace.Protocol.ErrorCode;

namespace Millrace.Broker.Tests.Network;

/// <summary>Logins and TLS, with Confluent.Kafka and over the wire.</summary>
public sealed class SecurityTests
{
    [Theory]
    [InlineData(SaslMechanism.Plain, false)]
    [InlineData(SaslMechanism.ScramSha256, false)]
    [InlineData(SaslMechanism.ScramSha512, true)]
    public async Task Client_that_logs_in_is_served_and_one_with_a_wrong_password_is_told(SaslMechanism mechanism, bool isTls)
    {
        using var directory = new TemporaryTls();
        await using var broker = await StartAsync(isTls ? directory : null);
        var config = Config(broker, mechanism, isTls ? directory : null, "alice", "secret");
        using (var producer = new ProducerBuilder<Null, string>(config).Build())
        {
            var stored = await producer.ProduceAsync("t", new Message<Null, string> { Value = new string('x', 200_000) }, TestContext.Current.CancellationToken);
            Assert.Equal(0, stored.Offset.Value);
        }

        foreach (var (user, password) in new[] { ("alice", "guess"), ("nobody", "secret") })
        {
            var errors = new List<Confluent.Kafka.ErrorCode>();
            using var admin = new AdminClientBuilder(Config(broker, mechanism, isTls ? directory : null, user, password))
                .SetErrorHandler((_, e) =>
                {
                    lock (errors)
                        errors.Add(e.Code);
                }).SetLogHandler((_, _) => { }).Build();
            await Eventually.TrueAsync(
                () =>
                {
                    lock (errors)
                        return errors.Contains(Confluent.Kafka.ErrorCode.Local_Authentication);
                },
                "the client is told that its login failed");
        }
    }

    [Fact]
    public async Task Read_only_user_reads_and_commits_and_changes_nothing()
    {
        await using var broker = await StartAsync(null);
        using (var producer = new ProducerBuilder<Null, string>(Config(broker, SaslMechanism.Plain, null, "alice", "secret")).Build())
            await producer.ProduceAsync("t", new Message<Null, string> { Value = "a" }, TestContext.Current.CancellationToken);

        var reader = Config(broker, SaslMechanism.Plain, null, "reader", "eyes");
        using (var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig(reader) { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest }).Build())
        {
            consumer.Subscribe("t");
            var record = consumer.Consume(Eventually.Limit);
            Assert.Equal("a", record.Message.Value);
            consumer.Commit(record);
            consumer.Close();
        }

        using (var producer = new ProducerBuilder<Null, string>(reader).Build())
        {
            var refused = await Assert.ThrowsAsync<ProduceException<Null, string>>(
                () => producer.ProduceAsync("t", new Message<Null, string> { Value = "b" }, TestContext.Current.CancellationToken));
            Assert.Equal(Confluent.Kafka.ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
        }

        using var admin = new AdminClientBuilder(reader).Build();
        var create = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([new TopicSpecification { Name = "mine" }]));
        Assert.Equal(Confluent.Kafka.ErrorCode.TopicAuthorizationFailed, create.Results[0].Error.Code);
        await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync(["t"]));
        await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync(["g"]));
        await Assert.ThrowsAsync<DeleteRecordsException>(() => admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 0, 1)]));
        Assert.Equal(["t"], admin.GetMetadata(Eventually.Limit).Topics.Select(t => t.Topic));
    }

    [Fact]
    public async Task Read_only_user_changes_nothing_over_the_wire_either()
    {
        await using var broker = await StartAsync(null);
        using var client = await LogInAsync(broker, "reader", "eyes");
        var create = await client.CallAsync<CreatePartitionsRequest, CreatePartitionsResponse>(new() { Topics = [new() { Name = "t", Count = 2 }] }, 3);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, create.Results[0].ErrorCode);
        var alter = await client.CallAsync<AlterConfigsRequest, AlterConfigsResponse>(new() { Resources = [new() { ResourceType = 2, ResourceName = "t" }] }, 2);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, alter.Responses[0].ErrorCode);
        var incremental = await client.CallAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(
            new() { Resources = [new() { ResourceType = 2, ResourceName = "t" }] }, 1);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, incremental.Responses[0].ErrorCode);
        Assert.Equal(ErrorCode.GroupAuthorizationFailed, (await client.CallAsync<OffsetDeleteRequest, OffsetDeleteResponse>(new() { GroupId = "g" }, 0)).ErrorCode);
        Assert.Equal(
            ErrorCode.TransactionalIdAuthorizationFailed,
            (await client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(new() { TransactionalId = "x", TransactionTimeoutMs = 1 }, 5)).ErrorCode);
        Assert.Equal(
            ErrorCode.ClusterAuthorizationFailed, (await client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(new() { TransactionalId = null }, 5)).ErrorCode);
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, (await client.CallAsync<EndTxnRequest, EndTxnResponse>(new(), 4)).ErrorCode);
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, (await client.CallAsync<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(new(), 4)).ErrorCode);
        var add = await client.CallAsync<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(
            new() { V3AndBelowTopics = [new() { Name = "t", Partitions = [0] }] }, 3);
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, add.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode);
        var offsets = await client.CallAsync<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(
            new() { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0 }] }] }, 4);
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, offsets.Topics[0].Partitions[0].ErrorCode);
        var metadata = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = "wanted" }], AllowAutoTopicCreation = true }, 9);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, metadata.Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Nothing_is_served_before_the_login_and_its_steps_have_an_order()
    {
        await using var broker = await StartAsync(null);
        using (var eager = await broker.ConnectAsync())
        {
            Assert.Equal(ErrorCode.None, (await eager.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0)).ErrorCode);
            await eager.SendAsync(new MetadataRequest(), 0);
            Assert.Null(await eager.ReceiveFrameAsync());
        }

        using var client = await broker.ConnectAsync();
        var early = await client.CallAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(new() { AuthBytes = "\0alice\0secret"u8.ToArray() }, 2);
        Assert.Equal(ErrorCode.IllegalSaslState, early.ErrorCode);
        var unknown = await client.CallAsync<SaslHandshakeRequest, SaslHandshakeResponse>(new() { Mechanism = "GSSAPI" }, 1);
        Assert.Equal(ErrorCode.UnsupportedSaslMechanism, unknown.ErrorCode);
        Assert.Equal(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], unknown.Mechanisms);
        await client.CallAsync<SaslHandshakeRequest, SaslHandshakeResponse>(new() { Mechanism = "PLAIN" }, 1);
        var wrong = await client.CallAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(new() { AuthBytes = "bob\0alice\0secret"u8.ToArray() }, 2);
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, wrong.ErrorCode);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("guess", false)]
    public async Task Old_clients_send_their_tokens_without_headers(string password, bool isRight)
    {
        await using var broker = await StartAsync(null);
        using var client = await broker.ConnectAsync();
        await client.CallAsync<SaslHandshakeRequest, SaslHandshakeResponse>(new() { Mechanism = "PLAIN" }, 0);
        byte[] token = [0, 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes($"\0alice\0{password}")];
        BinaryPrimitives.WriteInt32BigEndian(token, token.Length - 4);
        await client.SendBytesAsync(token);
        var answer = await client.ReceiveFrameAsync();
        Assert.Equal(isRight, answer is not null);
        if (isRight)
            Assert.NotEmpty((await client.CallAsync<MetadataRequest, MetadataResponse>(new(), 0)).Brokers);
    }

    [Fact]
    public async Task Client_without_TLS_is_closed_and_others_are_served()
    {
        using var directory = new TemporaryTls();
        await using var broker = await StartAsync(directory);
        using var plain = await broker.ConnectAsync();
        await plain.SendAsync(new ApiVersionsRequest(), 0);
        await Eventually.TrueAsync(plain.IsClosedByPeer, "the connection is closed");
    }

    [Fact]
    public async Task Bad_certificates_and_mechanisms_stop_the_start()
    {
        using var directory = new TemporaryTls();
        await System.IO.File.WriteAllTextAsync(directory.Path + "/empty.p12", "no certificate", TestContext.Current.CancellationToken);
        var tls = await Assert.ThrowsAsync<BrokerStartException>(
            () => EmbeddedBroker.StartAsync(o => o.TlsFile = directory.Path + "/empty.p12", TestContext.Current.CancellationToken));
        Assert.Contains("empty.p12", tls.Message);
        var sasl = await Assert.ThrowsAsync<BrokerStartException>(
            () => EmbeddedBroker.StartAsync(
                o =>
                {
                    o.Settings["sasl.enabled.mechanisms"] = "GSSAPI";
                    o.Users["a"] = new BrokerUser("");
                },
                TestContext.Current.CancellationToken));
        Assert.Contains("GSSAPI", sasl.Message);
        Assert.Contains("\"a\"", sasl.Message);
    }

    private static Task<TestBroker> StartAsync(TemporaryTls? tls) => TestBroker.StartAsync(o =>
    {
        o.Users["alice"] = new BrokerUser("secret");
        o.Users["reader"] = new BrokerUser("eyes", IsReadOnly: true);
        o.TlsFile = tls?.File;
    });

    private static ClientConfig Config(TestBroker broker, SaslMechanism mechanism, TemporaryTls? tls, string user, string password) => new()
    {
        BootstrapServers = broker.BootstrapServers,
        SecurityProtocol = tls is null ? SecurityProtocol.SaslPlaintext : SecurityProtocol.SaslSsl,
        SaslMechanism = mechanism,
        SaslUsername = user,
        SaslPassword = password,
        SslCaLocation = tls?.CertificateOnly,
    };

    private static async Task<WireClient> LogInAsync(TestBroker broker, string user, string password)
    {
        var client = await broker.ConnectAsync();
        await client.CallAsync<SaslHandshakeRequest, SaslHandshakeResponse>(new() { Mechanism = "PLAIN" }, 1);
        var answer = await client.CallAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(
            new() { AuthBytes = System.Text.Encoding.UTF8.GetBytes($"\0{user}\0{password}") }, 2);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return client;
    }

    /// <summary>A certificate for 127.0.0.1 that signs itself, in files.</summary>
    private sealed class TemporaryTls : IDisposable
    {
        public TemporaryTls()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            CertificateOnly = System.IO.Path.Combine(Path, "ca.pem");
            File = System.IO.Path.Combine(Path, "server.pem");
            System.IO.File.WriteAllText(CertificateOnly, certificate.ExportCertificatePem());
            System.IO.File.WriteAllText(File, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("millrace-tls-").FullName;

        public string File { get; }

        public string CertificateOnly { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
