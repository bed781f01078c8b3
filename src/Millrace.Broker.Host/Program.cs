using System.CommandLine;
using System.CommandLine.Help;
using Millrace.Commands;

const string Name = "millrace-broker";

ExampleCommand command = BrokerCommand.Create(Name, Name);
command.Add(new HelpOption());
command.Add(new VersionOption());
ExampleHelpAction.Attach(command);
return await CommandRun.RunAsync(Name, command, args);
