using Millrace.Broker.Tests;

// With "broker DIRECTORY PORT" this executable hosts a broker until its input ends or it is killed; otherwise it runs the tests.
return args is ["broker", var directory, var port]
    ? await BrokerProcess.HostAsync(directory, int.Parse(port))
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
