using System.Collections;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Pipeline;
using Millrace.Schemas.Catalog;

namespace Millrace.Tests.Configuration;

public sealed class OptionsLoaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Nothing_given_is_the_documented_defaults()
    {
        MillraceOptions options = Load();

        Assert.Equal(".millrace", options.Data);
        Assert.Equal(PortMode.Fixed, options.Ports);
        Assert.Equal(("events", 3, "pipeline-consumer"), (options.Kafka.Topic, options.Kafka.Partitions, options.Kafka.GroupId));
        Assert.Null(options.Kafka.BootstrapServers);
        Assert.Null(options.Postgres.ConnectionString);
        Assert.Null(options.LogLevel);
        Assert.Equal((9092, 5432, 8082), (KafkaSection.DefaultPort, PostgresSection.DefaultPort, AppSection.DefaultPort));
    }

    [Fact]
    public void Later_layer_wins_over_the_earlier_one()
    {
        WriteFile("""{ "Kafka": { "Topic": "from-file", "GroupId": "from-file", "Partitions": 7 } } // comments are allowed""");
        var environment = new Hashtable { ["MILLRACE__KAFKA__TOPIC"] = "from-env", ["MILLRACE__KAFKA__GROUPID"] = "from-env", ["PATH"] = "/bin" };

        MillraceOptions options = Load(environment, new OptionValue("Kafka:Topic", "from-line", "--topic"));

        Assert.Equal(("from-line", "from-env", 7), (options.Kafka.Topic, options.Kafka.GroupId, options.Kafka.Partitions));
    }

    [Fact]
    public void Every_error_is_told_at_once_with_its_key_and_its_place()
    {
        WriteFile("""{ "Kafka": { "Partitions": 0, "Topik": "x" }, "Ports": "sometimes" }""");
        var environment = new Hashtable { ["MILLRACE__APP__PORT"] = "eighty", ["MILLRACE__NO__SUCH__KEY"] = "1" };

        var wrong = Assert.Throws<OptionsException>(() => Load(environment, new OptionValue("Kafka:Port", "70000", "--kafka-port")));

        Assert.Equal(
            [
                "Kafka:Partitions (millrace.json) must be a whole number from 1 to 1000, not '0'",
                "Kafka:Topik (millrace.json) is not a setting; did you mean Kafka:Topic?",
                "Ports (millrace.json) must be one of fixed, auto, not 'sometimes'",
                "App:Port (environment MILLRACE__APP__PORT) must be a whole number from 1 to 65535, not 'eighty'",
                "NO:SUCH:KEY (environment MILLRACE__NO__SUCH__KEY) is not a setting",
                "Kafka:Port (--kafka-port) must be a whole number from 1 to 65535, not '70000'",
            ],
            wrong.Errors);
    }

    [Fact]
    public void Secret_is_never_in_a_message()
    {
        var environment = new Hashtable { ["MILLRACE__POSTGRES__CONNECTIONSTRING"] = "Host=db;Pasword=hunter2" };

        var wrong = Assert.Throws<OptionsException>(() => Load(environment));

        Assert.Contains("Postgres:ConnectionString", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_string_may_come_from_a_file_of_its_own()
    {
        File.WriteAllText(_directory.Below("secret"), "Host=db;Password=hunter2\n");

        MillraceOptions options = Load(new Hashtable { ["MILLRACE__POSTGRES__CONNECTIONSTRINGFILE"] = _directory.Below("secret") });

        Assert.Equal("Host=db;Password=hunter2", options.Postgres.ConnectionString);
    }

    [Fact]
    public void Librdkafka_settings_pass_through_with_their_own_names()
    {
        WriteFile("""{ "Kafka": { "Settings": { "security.protocol": "SASL_SSL", "socket.keepalive.enable": true } } }""");

        MillraceOptions options = Load();

        Assert.Equal("SASL_SSL", options.Kafka.Settings["security.protocol"]);
        Assert.Equal("true", options.Kafka.Settings["socket.keepalive.enable"]);
    }

    [Fact]
    public void Broker_settings_have_Kafkas_names_wherever_they_are_given()
    {
        WriteFile("""{ "Broker": { "num.partitions": 6, "auto.create.topics.enable": false, "log.retention.hours": 1 } }""");
        var environment = new Hashtable { ["MILLRACE__BROKER__LOG_RETENTION_HOURS"] = "2", ["MILLRACE__Broker__message.max.bytes"] = "2000000" };

        MillraceOptions options = Load(environment);

        Assert.Equal(
            [("auto.create.topics.enable", "false"), ("log.retention.hours", "2"), ("message.max.bytes", "2000000"), ("num.partitions", "6")],
            options.Broker.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value)));
    }

    [Theory]
    [InlineData("{ \"Kafka\": ", "millrace.json is not JSON: line 1, column 12")]
    [InlineData("[1]", "(the whole file) (millrace.json) is not a setting")]
    public void File_that_is_no_object_is_told_with_its_place(string content, string expected)
    {
        WriteFile(content);

        Assert.Equal([expected], Assert.Throws<OptionsException>(() => Load()).Errors);
    }

    [Fact]
    public void Dead_letter_topic_follows_the_topic_until_it_is_named()
    {
        Assert.Equal("events.dlq", Load().Kafka.DeadLetterTopic);
        Assert.Equal("orders.dlq", Load(null, new OptionValue("Kafka:Topic", "orders", "--topic")).Kafka.DeadLetterTopic);

        WriteFile("""{ "Kafka": { "Topic": "orders", "DeadLetterTopic": "broken" } }""");
        Assert.Equal("broken", Load().Kafka.DeadLetterTopic);
    }

    [Fact]
    public void Parking_reaches_the_pipeline_and_keeps_its_defaults()
    {
        PipelineOptions untouched = EngineOptions.Pipeline(Load(), "k", "Host=p", SchemaCatalog.Empty);
        WriteFile("""{ "Kafka": { "GroupInstanceId": "shard-1" }, "Parking": { "RetryDelays": "5s, 2m,1h", "MaxEvents": 7 } }""");
        PipelineOptions set = EngineOptions.Pipeline(Load(), "k", "Host=p", SchemaCatalog.Empty);

        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)], untouched.Parking.RetryDelays);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1)], set.Parking.RetryDelays);
        Assert.Equal((7, untouched.Parking.MaxEventsPerUser), (set.Parking.MaxEvents, set.Parking.MaxEventsPerUser));
        Assert.Equal("shard-1", set.KafkaSettings["group.instance.id"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("0s")]
    [InlineData("5s,")]
    [InlineData("5s;1m")]
    [InlineData("99999999d")]
    public void Retry_delays_that_are_none_are_refused(string text)
    {
        var wrong = Assert.Throws<OptionsException>(() => Load(null, new OptionValue("Parking:RetryDelays", text, "test")));

        Assert.StartsWith("Parking:RetryDelays (test) must be durations such as '5s, 1m, 10m'", Assert.Single(wrong.Errors), StringComparison.Ordinal);
    }

    private MillraceOptions Load(IDictionary? environment = null, params OptionValue[] commandLine) =>
        OptionsLoader.Load(_directory.Path, environment ?? new Hashtable(), commandLine);

    private void WriteFile(string json) => File.WriteAllText(_directory.Below("millrace.json"), json);
}
