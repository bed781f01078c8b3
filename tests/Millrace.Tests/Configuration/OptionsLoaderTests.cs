using System.Collections;
using Millrace.Configuration;

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
        Assert.Equal("True", options.Kafka.Settings["socket.keepalive.enable"]);
    }

    [Theory]
    [InlineData("{ \"Kafka\": ", "millrace.json is not JSON: line 1, column 12")]
    [InlineData("[1]", "(the whole file) (millrace.json) is not a setting")]
    public void File_that_is_no_object_is_told_with_its_place(string content, string expected)
    {
        WriteFile(content);

        Assert.Equal([expected], Assert.Throws<OptionsException>(() => Load()).Errors);
    }

    private MillraceOptions Load(IDictionary? environment = null, params OptionValue[] commandLine) =>
        OptionsLoader.Load(_directory.Path, environment ?? new Hashtable(), commandLine);

    private void WriteFile(string json) => File.WriteAllText(_directory.Below("millrace.json"), json);
}
