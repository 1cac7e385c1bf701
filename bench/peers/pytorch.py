#!/usr/bin/env python3
"""The reference autoencoder in PyTorch, for script/bench; a worker like bench/training.cpp.

    pytorch.py LATENT_DIM THREADS IMAGES.npy [channels_last] [compile]

`train N` takes N Adam steps of 128 images from one tensor in memory; `encode N` encodes N images; `check CHECKPOINT N`
loads the parameters of a hourglass checkpoint and answers the mean squared error of the last N images.
"""
import json
import os
import struct
import sys
import time

BATCH = 128


def say(**facts):
    print(json.dumps(facts), flush=True)


def model_of(torch, latent_dim):
    from torch import nn
    import torch.nn.functional as F

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.gn1 = nn.Conv2d(1, 32, 3, stride=2, padding=1), nn.GroupNorm(32, 32)
            self.conv2, self.gn2 = nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.GroupNorm(32, 64)
            self.linear = nn.Linear(64 * 7 * 7, latent_dim)

        def forward(self, x):
            x = F.leaky_relu(self.gn1(self.conv1(x)), 0.2)
            x = F.leaky_relu(self.gn2(self.conv2(x)), 0.2)
            return self.linear(x.flatten(1))

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(latent_dim, 64 * 7 * 7)
            self.deconv1, self.gn1 = nn.Conv2d(64, 32, 3, padding=1), nn.GroupNorm(32, 32)
            self.deconv2 = nn.Conv2d(32, 1, 3, padding=1)

        def forward(self, z):
            x = F.interpolate(self.linear(z).view(-1, 64, 7, 7), scale_factor=2.0, mode="nearest")
            x = F.leaky_relu(self.gn1(self.deconv1(x)), 0.2)
            return torch.sigmoid(self.deconv2(F.interpolate(x, scale_factor=2.0, mode="nearest")))

    class Autoencoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder = Encoder(), Decoder()

        def forward(self, x):
            return self.decoder(self.encoder(x))

    return Autoencoder()


def read_safetensors(np, path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return {name: np.frombuffer(data[slice(*what["data_offsets"])], "<f4").reshape(what["shape"])
            for name, what in header.items() if name != "__metadata__"}


def main():
    latent_dim, threads, images, *settings = sys.argv[1:]
    import numpy as np
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    layout = torch.channels_last if "channels_last" in settings else torch.contiguous_format
    data = torch.from_numpy(np.load(images)).reshape(-1, 1, 28, 28).contiguous(memory_format=layout)
    model = model_of(torch, int(latent_dim)).to(memory_format=layout)
    try:  # one pass over all parameters, if this version supports it
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    except (TypeError, RuntimeError):
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def loss_of(x):
        return F.mse_loss(model(x), x)

    fast_loss, fast_encoder = loss_of, model.encoder
    if "compile" in settings:
        fast_loss, fast_encoder = torch.compile(loss_of), torch.compile(model.encoder)

    def train(steps):
        started = time.monotonic()
        for _ in range(steps):
            batch = data[torch.randint(len(data), (BATCH,))]
            optimizer.zero_grad(set_to_none=True)
            fast_loss(batch).backward()
            optimizer.step()
        return steps * BATCH / (time.monotonic() - started)

    def encode(count):
        count = max(BATCH, min(count, len(data)) // BATCH * BATCH)
        started = time.monotonic()
        with torch.no_grad():
            for first in range(0, count, BATCH):
                fast_encoder(data[first:first + BATCH])
        return count / (time.monotonic() - started)

    def check(path, count):
        model.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in read_safetensors(np, path).items()})
        with torch.no_grad():
            return sum(float(loss_of(b)) * len(b) for b in data[-count:].split(BATCH)) / count

    train(2)  # compiles if asked to; the first steps are slower in any case
    say(what=f"PyTorch {torch.__version__.split('a')[0].split('+')[0]}", threads=torch.get_num_threads(),
        settings=settings, latent_dim=int(latent_dim), parameters=sum(p.numel() for p in model.parameters()))
    for line in sys.stdin:
        task, *words = line.split()
        if task == "train":
            say(images_per_second=train(int(words[0])))
        elif task == "encode":
            say(images_per_second=encode(int(words[0])))
        elif task == "check":
            say(mse=check(words[0], int(words[1])))
        else:
            sys.exit(f"{task} is not a task: train, encode or check")


if __name__ == "__main__":
    main()
