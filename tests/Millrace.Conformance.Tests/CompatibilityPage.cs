using System.Text;
using Millrace.Conformance.Tests.Clients;
using Millrace.Testing;

namespace Millrace.Conformance.Tests;

/// <summary>docs/compatibility.md, as it is when every outcome is the expected one. Nothing in it depends on the machine.</summary>
internal static class CompatibilityPage
{
    public static string File { get; } = Path.Combine(SourceTree.Root, "docs", "compatibility.md");

    public static string Write()
    {
        var page = new StringBuilder(
            """
            # Kafka clients that work with the embedded broker

            Written by `tests/Millrace.Conformance.Tests`, never by hand: each client does each scenario with the embedded broker and with Apache Kafka 4.3, and the outcome
            must be the same: that is what ✓ says. A blank cell is something that the client or its driver does not do.

            """);
        page.Append("\n| scenario | ").AppendJoin(" | ", ForeignClient.All.Select(client => client.Name)).Append(" |\n| --- |");
        page.Insert(page.Length, " --- |", ForeignClient.All.Count).Append('\n');
        foreach (var scenario in Scenario.All)
        {
            page.Append($"| {scenario.Does} |");
            foreach (var client in ForeignClient.All)
                page.Append(client.Can.Contains(scenario.Id) ? " ✓ |" : "  |");
            page.Append('\n');
        }

        page.Append(
            """

            The clients: Confluent.Kafka 2.16 (librdkafka 2.16), kcat with the librdkafka of Debian 12, kafka-python as Debian 12 has it, kafkajs 2.2.4, and the tools of Apache Kafka 4.3.

            """);
        return page.ToString();
    }
}
