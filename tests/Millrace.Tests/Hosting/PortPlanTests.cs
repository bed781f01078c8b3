using System.Net;
using System.Net.Sockets;
using Millrace.Configuration;
using Millrace.Hosting;

namespace Millrace.Tests.Hosting;

public sealed class PortPlanTests
{
    private static readonly RememberedPorts Nothing = new(null, null, null);

    [Fact]
    public void Auto_takes_the_ports_of_the_last_start_where_they_are_free()
    {
        using TcpListener taken = Listen();
        int free = FreePort.Any();
        var options = new MillraceOptions { Ports = PortMode.Auto };

        PortPlan plan = PortPlan.Make(options, new RememberedPorts(free, PortOf(taken), null));

        Assert.Equal(free, plan.Kafka);
        Assert.NotEqual(PortOf(taken), plan.Postgres);
        Assert.InRange(plan.App, 1024, 65535);
    }

    [Fact]
    public void Port_that_is_given_wins_over_auto()
    {
        int given = FreePort.Any();
        var options = new MillraceOptions { Ports = PortMode.Auto, App = { Port = given } };

        Assert.Equal(given, PortPlan.Make(options, new RememberedPorts(null, null, FreePort.Any())).App);
    }

    [Fact]
    public void All_ports_in_use_are_told_at_once()
    {
        using TcpListener kafka = Listen(), postgres = Listen(), app = Listen();
        var options = new MillraceOptions { Kafka = { Port = PortOf(kafka) }, Postgres = { Port = PortOf(postgres) }, App = { Port = PortOf(app) } };

        string[] sentences = Assert.Throws<StartException>(() => PortPlan.Make(options, Nothing)).Message.Split('\n');

        Assert.Equal(3, sentences.Length);
        Assert.StartsWith($"Port {PortOf(kafka)} for Kafka is in use: stop what listens there, choose another with --kafka-port", sentences[0], StringComparison.Ordinal);
        Assert.StartsWith($"Port {PortOf(postgres)} for PostgreSQL", sentences[1], StringComparison.Ordinal);
        Assert.StartsWith($"Port {PortOf(app)} for HTTP", sentences[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Port_of_a_part_that_is_elsewhere_does_not_matter()
    {
        using TcpListener taken = Listen();
        var options = new MillraceOptions { Kafka = { Port = PortOf(taken), BootstrapServers = "kafka:9092" }, App = { Port = FreePort.Any() } };

        PortPlan.Make(options, Nothing);
    }

    [Fact]
    public void Port_that_is_taken_on_the_ipv6_loopback_only_is_not_free()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "there is no IPv6 here");
        using var taken = new TcpListener(IPAddress.IPv6Loopback, 0);
        taken.Start();

        Assert.False(FreePort.IsFree(PortOf(taken)));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
