using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.Parking;
using Millrace.Terminal;

namespace Millrace.Commands.Parked;

/// <summary>The users that wait, the longest first: what <c>parked</c> alone does too.</summary>
internal static class ParkedListCommand
{
    private const int DefaultLimit = 1000;

    public static Command Create()
    {
        var command = new ExampleCommand("list", "Lists the users whose events wait, the longest first.", "millrace parked list", "millrace parked list --limit 10 --format json");
        MakeDefault(command);
        return command;
    }

    public static void MakeDefault(Command command)
    {
        var limit = new Option<int?>("--limit") { HelpName = "N", Description = $"At most so many. [default: {DefaultLimit}]" };
        limit.Check(value => value >= 1, "--limit is a number from 1.");
        Option<OutputFormat> format = FormatOption.Create(
            "json: [{\"userId\",\"partition\",\"reason\",\"detail\",\"waiting\",\"parkedAt\",\"attempts\",\"nextAttemptAt\"}]");
        command.Add(limit);
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) =>
            RunAsync(SharedOptions.Load(parsed), parsed.GetValue(limit) ?? DefaultLimit, parsed.GetValue(format), cancellation));
    }

    private static async Task RunAsync(MillraceOptions options, int limit, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        IReadOnlyList<ParkedUser> users = await operations.ParkedUsers.ListAsync(limit, cancellationToken);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize([.. users], OperationsJson.Default.ParkedUserArray));
        else if (users.Count == 0)
            Console.Error.WriteLine("Nobody waits.");
        else
            Write(users);
    }

    private static void Write(IReadOnlyList<ParkedUser> users)
    {
        DataTable.Write(
            Console.Out,
            ["USER", "PARTITION", "WAITING", "SINCE", "ATTEMPTS", "NEXT ATTEMPT", "REASON", "DETAIL"],
            users.Select(u => new object[]
            {
                u.UserId, u.Partition, u.Waiting, Moments.Text(u.ParkedAt), u.Attempts, Moments.Text(u.NextAttemptAt), u.Reason, u.Detail.ReplaceLineEndings(" "),
            }));
        Console.Error.WriteLine(
            $"{users.Sum(u => u.Waiting):N0} events of {users.Count:N0} user(s) wait. '{Product.CommandName} parked show USER' shows them; "
            + $"'{Product.CommandName} parked retry USER' tries at once.");
    }
}
