using Millrace.Commands;

return await MillraceCommand.RunAsync(args);
