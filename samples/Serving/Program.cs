using Serving;

// A trained model as a web service:
//
//     chainrule train images --model cnn --out runs/digits
//     dotnet run -c Release --project samples/Serving -- runs/digits --urls http://127.0.0.1:5000
//     curl --data-binary @docs/pictures/nine.png http://127.0.0.1:5000/predict
if (args is not [var folder, ..])
{
    Console.Error.WriteLine("serving: no run is named: give the folder that 'chainrule train' wrote");
    return 1;
}
try
{
    await Service.Build(folder, args[1..]).RunAsync();
    return 0;
}
catch (Exception why) when (why is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(why.Message);
    return 1;
}
