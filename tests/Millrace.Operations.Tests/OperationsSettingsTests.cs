namespace Millrace.Operations.Tests;

public sealed class OperationsSettingsTests
{
    [Fact]
    public void Settings_default_to_those_of_the_pipeline()
    {
        var settings = new OperationsSettings { ConnectionString = "", BootstrapServers = "" };
        var pipeline = new Pipeline.PipelineOptions { ConnectionString = "", BootstrapServers = "" };

        Assert.Equal((pipeline.Topic, pipeline.GroupId), (settings.Topic, settings.GroupId));
    }
}
