using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Terminal;
using Npgsql;
using Spectre.Console;

namespace Millrace.Commands.Up;

/// <summary>What a person reads when everything runs: what is where, and three lines to try.</summary>
internal static class StartScreen
{
    public static void Write(Screen screen, MillraceOptions options, Instance instance, TimeSpan took) =>
        screen.Draw(console => Write(console, options, instance, took));

    private static void Write(IAnsiConsole console, MillraceOptions options, Instance instance, TimeSpan took)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"  [bold green]Millrace {Product.Version} is ready[/] [grey]({took.TotalSeconds:F1} s)[/]");
        console.WriteLine();
        var postgres = new NpgsqlConnectionStringBuilder(instance.Application.Endpoints.Postgres);
        (string What, string Where, string About)[] rows =
        [
            ("Kafka", instance.Application.Endpoints.Kafka,
                $"{(instance.Broker is null ? "your cluster" : "embedded broker")}, topic {options.Kafka.Topic}, group {options.Kafka.GroupId}"),
            ("PostgreSQL", $"{postgres.Host}:{postgres.Port}",
                $"{(instance.Postgres is { } local ? $"local server {local.MajorVersion}" : "your server")}, database {postgres.Database}, user {postgres.Username}"),
            ("HTTP", instance.Application.Endpoints.App, "POST /events, GET /health/ready, GET /openapi/v1.json"),
            ("Data", instance.DataDirectory.Path, ""),
        ];
        int width = rows.Where(r => r.About.Length > 0).Max(r => r.Where.Length);
        foreach ((string what, string where, string about) in rows)
            console.MarkupLineInterpolated($"  [grey]{what,-10}[/]  [bold]{(about.Length > 0 ? where.PadRight(width) : where)}[/]{(about.Length > 0 ? $"  {about}" : "")}");
        console.WriteLine();
        console.WriteLine("  Try, in another terminal:");
        string command = Product.CommandName;
        string data = options.Data == new MillraceOptions().Data ? "" : $" --data {Quoted(options.Data)}";
        foreach (string line in new[]
                 {
                     $"echo '{{\"eventType\":\"user_signup\",\"userId\":123}}' | {command} produce{data}",
                     $"{command} generate --count 10000{data}",
                     $"{command} sql{data} -c \"SELECT event_type, count(*), max(created_at) FROM pipeline.events GROUP BY 1\"",
                 })
        {
            // Not through Spectre, which would wrap: a line must paste as one.
            console.Profile.Out.Writer.WriteLine($"    {line}");
        }

        console.WriteLine();
        console.MarkupLine("  [grey]Ctrl+C stops everything.[/]");
        console.WriteLine();
    }

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
