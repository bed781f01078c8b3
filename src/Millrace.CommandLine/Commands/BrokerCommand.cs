using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Broker;
using Millrace.Commands.Broker;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>The embedded broker by itself: a Kafka for tests, for a laptop, or for a small machine.</summary>
internal static class BrokerCommand
{
    private const int KafkasPort = 9092;

    /// <param name="name">What it is called where it stands: a command, or a program of its own.</param>
    /// <param name="line">What a person types before the options.</param>
    public static ExampleCommand Create(string name, string line)
    {
        var data = new Option<string>("--data") { Required = true, HelpName = "DIR", Description = "Where topics and offsets are kept. Made when absent." };
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "0 takes a free one.", DefaultValueFactory = _ => KafkasPort };
        var host = new Option<string>("--host") { HelpName = "ADDRESS", Description = "The address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var advertised = new Option<string?>("--advertised") { HelpName = "HOST[:PORT]", Description = "What clients are told to connect to, where it is another address." };
        var set = new Option<string[]>("--set") { HelpName = "KEY=VALUE", Description = "A setting under Kafka's own name, such as num.partitions=3. May be given again." };
        var users = new Option<string?>("--users") { HelpName = "FILE", Description = "Who may log in (SASL PLAIN and SCRAM): lines of NAME PASSWORD [read-only]." };
        var tls = new Option<string?>("--tls") { HelpName = "FILE", Description = "Certificate and key, PKCS#12 or PEM: clients must use TLS. Its password: ssl.keystore.password." };
        var insecure = new Option<bool>("--insecure") { Description = "Listen where other machines reach the broker although nobody has to log in." };
        Option<OutputFormat> format = FormatOption.Create("json: prints {\"kafka\",\"pid\"} when ready");
        var command = new ExampleCommand(
            name,
            "Runs the embedded Kafka broker by itself; says 'ready' and its address on one line.",
            $"{line} --data /var/lib/millrace-kafka",
            $"{line} --data /tmp/k --port 0 --set num.partitions=3 --set auto.create.topics.enable=false",
            $"{line} --data /data --host 0.0.0.0 --advertised kafka.example.org:9092 --users users.txt --tls kafka.pem")
        {
            data, port, host, advertised, set, users, tls, insecure, format,
        };
        command.SetAction((parsed, _) => RunAsync(
            new BrokerOptions
            {
                DataDirectory = parsed.GetRequiredValue(data),
                Port = parsed.GetValue(port),
                Host = parsed.GetRequiredValue(host),
                TlsFile = parsed.GetValue(tls),
                AllowUnauthenticated = parsed.GetValue(insecure),
            },
            parsed.GetValue(users),
            parsed.GetValue(advertised),
            parsed.GetValue(set) ?? [],
            parsed.GetValue(format)));
        return command;
    }

    private static async Task<int> RunAsync(BrokerOptions options, string? users, string? advertised, string[] settings, OutputFormat format)
    {
        Advertise(options, advertised);
        if (users is not null)
            UsersFile.Read(users, options.Users);
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new CommandFailedException(ExitCodes.Usage, $"--set takes KEY=VALUE, not '{setting}'.");
            options.Settings[setting[..equals]] = setting[(equals + 1)..];
        }

        var screen = new Screen();
        using ILoggerFactory loggers = ScreenLogging.Create(screen, screen.IsTerminal ? LogLevel.Warning : LogLevel.Information);
        using var signals = new ShutdownSignals(() => screen.WriteLine("Stopping. Ctrl+C again ends at once."));
        await using EmbeddedBroker broker = await StartAsync(options, loggers, signals.Requested);
        await Console.Out.WriteLineAsync(format == OutputFormat.Json ? ToJson(broker) : $"ready {broker.BootstrapServers}");
        await UntilAsync(signals.Requested);
        return ExitCodes.Success;
    }

    private static async Task<EmbeddedBroker> StartAsync(BrokerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            return await EmbeddedBroker.StartAsync(options, loggers, cancellationToken);
        }
        catch (BrokerStartException e)
        {
            throw new CommandFailedException(ExitCodes.StartFailed, e.Message, e);
        }
    }

    // By itself, so that the encoder is not loaded for the other format.
    private static string ToJson(EmbeddedBroker broker) =>
        $$"""{"kafka":"{{JsonEncodedText.Encode(broker.BootstrapServers)}}","pid":{{Environment.ProcessId}}}""";

    private static void Advertise(BrokerOptions options, string? advertised)
    {
        if (advertised is null)
            return;

        int colon = advertised.LastIndexOf(':');
        // An IPv6 address without a port has colons too; with one it is in brackets.
        bool hasPort = colon >= 0 && (advertised.IndexOf(':', StringComparison.Ordinal) == colon || advertised[colon - 1] == ']');
        if (hasPort)
        {
            if (!int.TryParse(advertised.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
                throw new CommandFailedException(ExitCodes.Usage, $"--advertised takes HOST or HOST:PORT, not '{advertised}'.");
            options.AdvertisedPort = port;
        }

        options.AdvertisedHost = (hasPort ? advertised[..colon] : advertised).Trim('[', ']');
    }

    private static async Task UntilAsync(CancellationToken requested)
    {
        var ended = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = requested.Register(() => ended.TrySetResult());
        await ended.Task;
    }
}
