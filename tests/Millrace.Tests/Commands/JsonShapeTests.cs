using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Commands;
using Millrace.Commands.Produce;
using Millrace.Commands.Status;
using Millrace.Hosting;

namespace Millrace.Tests.Commands;

/// <summary>The documented shapes of <c>--format json</c>, frozen: scripts read them.</summary>
public sealed class JsonShapeTests
{
    [Fact]
    public void Version_shape_is_frozen() => Shape(
        """{"version":"0.1.0","commit":null,"dotnet":"10.0.0","platform":"linux-x64"}""",
        new VersionReport("0.1.0", null, "10.0.0", "linux-x64"), JsonContext.Default.VersionReport);

    [Fact]
    public void Send_shape_is_frozen() => Shape(
        """{"topic":"events","sent":10,"refused":1,"failed":2,"seconds":0.5}""",
        new SendReport("events", 10, 1, 2, 0.5), JsonContext.Default.SendReport);

    [Fact]
    public void Topics_shape_is_frozen() => Shape(
        """[{"topic":"events","partitions":3,"records":12}]""", [new TopicSummary("events", 3, 12)], JsonContext.Default.TopicSummaryArray);

    [Fact]
    public void Topic_shape_is_frozen() => Shape(
        """{"topic":"events","partitions":[{"partition":0,"leader":1,"begin":0,"end":12}]}""",
        new TopicDetails("events", [new TopicPartitionDetails(0, 1, 0, 12)]), JsonContext.Default.TopicDetails);

    [Fact]
    public void Groups_shape_is_frozen() => Shape(
        """[{"group":"g","state":"Stable"}]""", [new GroupSummary("g", "Stable")], JsonContext.Default.GroupSummaryArray);

    [Fact]
    public void Group_shape_is_frozen() => Shape(
        """{"group":"g","state":"Stable","members":[{"member":"m","client":"c","host":"/127.0.0.1","partitions":1}],"partitions":[{"topic":"events","partition":0,"committed":null,"end":5,"lag":5,"member":"m"}]}""",
        new GroupDetails("g", "Stable", [new GroupMember("m", "c", "/127.0.0.1", 1)], [new GroupPartition("events", 0, null, 5, 5, "m")]),
        JsonContext.Default.GroupDetails);

    [Fact]
    public void Status_shape_is_frozen() => Shape(
        """{"running":true,"ready":false,"reason":"why","endpoints":{"kafka":"k","postgres":"p","app":"a","pid":1},"sinceStart":{"stored":1,"duplicates":2,"deadLetters":3},"lag":4,"partitions":[{"partition":0,"epoch":1,"nextOffset":2,"endOffset":6,"lag":4}],"tables":{"events":9,"eventsAreEstimated":true,"deadLetters":3,"unrelayedDeadLetters":2,"parkedUsers":1}}""",
        new StatusReport(true, false, "why", new Endpoints("k", "p", "a", 1), new SinceStart(1, 2, 3), 4, [new PartitionReport(0, 1, 2, 6, 4)], new TableCounts(9, true, 3, 2, 1)),
        JsonContext.Default.StatusReport);

    [Fact]
    public void Status_of_nothing_is_frozen() => Shape(
        """{"running":false,"ready":false,"reason":"not running","endpoints":null,"sinceStart":null,"lag":null,"partitions":[],"tables":null}""",
        StatusReport.NotRunning, JsonContext.Default.StatusReport);

    private static void Shape<T>(string expected, T value, JsonTypeInfo<T> type) => Assert.Equal(expected, JsonSerializer.Serialize(value, type));
}
