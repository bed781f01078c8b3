Console.Error.WriteLine("millrace: not built in yet");
return 1;
