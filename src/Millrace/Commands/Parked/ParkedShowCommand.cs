using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.Parking;
using Millrace.Terminal;

namespace Millrace.Commands.Parked;

/// <summary>One user's events that wait, in order.</summary>
internal static class ParkedShowCommand
{
    public static Command Create()
    {
        var user = new Argument<string>("user") { Description = "The userId." };
        Option<OutputFormat> format = FormatOption.Create(
            "json: [{\"user\":{…},\"events\":[{\"eventId\",\"eventType\",\"partition\",\"offset\",\"correlationId\",\"parkedAt\"}]}], one for each partition");
        var command = new ExampleCommand(
            "show", "Shows why a user waits and which events, the next one first.", "millrace parked show 42", "millrace parked show 42 --format json")
        {
            user,
        };
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(user)!, parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, string user, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        IReadOnlyList<ParkedQueue> queues = await operations.ParkedUsers.ShowAsync(user, cancellationToken);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize([.. queues], OperationsJson.Default.ParkedQueueArray));
        if (queues.Count == 0)
        {
            Console.Error.WriteLine($"Nothing of user {user} waits.");
            return ExitCodes.Failed;
        }

        if (format == OutputFormat.Text)
        {
            foreach (ParkedQueue queue in queues)
                Write(queue);
        }

        return ExitCodes.Success;
    }

    private static void Write(ParkedQueue queue)
    {
        ParkedUser user = queue.User;
        Console.Error.WriteLine(
            $"User {user.UserId} waits since {Moments.Text(user.ParkedAt)}: {user.Reason}, {user.Detail.ReplaceLineEndings(" ")}. "
            + $"{user.Attempts:N0} attempt(s), the next at {Moments.Text(user.NextAttemptAt)}.");
        DataTable.Write(
            Console.Out,
            ["EVENT", "TYPE", "PARTITION", "OFFSET", "SINCE"],
            queue.Events.Select(e => new object[] { e.EventId, e.EventType, e.Partition, e.Offset, Moments.Text(e.ParkedAt) }));
        if (user.Waiting > queue.Events.Count)
            Console.Error.WriteLine($"…and {user.Waiting - queue.Events.Count:N0} more.");
    }
}
