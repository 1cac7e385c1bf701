#!/usr/bin/env python3
"""Records a small case of the autoencoder from PyTorch: 3 x 8 x 12 images, latent dimension 5, 6 images per batch.

    /usr/bin/python3 tests/golden/record_autoencoder.py      (Debian's python3-torch and python3-numpy)

Parameters and images come from golden.noise, which reference_test.cpp makes too, so neither is stored. Written are
  autoencoder/pass.npz   latent, output, loss and grad.NAME of one forward and backward pass
  autoencoder/adam.npz   losses [3], before each of three Adam steps on the same batch, and every parameter after them
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from golden import noise

COLOURS, HEIGHT, WIDTH, LATENT, IMAGES = 3, 8, 12, 5, 6
SMALL = 64 * (HEIGHT // 4) * (WIDTH // 4)  # values between the convolutions and the latent vector

# In state-dict order; parameter number i is drawn from noise(i + 1).
SHAPES = {
    "encoder.conv1.weight": (32, COLOURS, 3, 3), "encoder.conv1.bias": (32,),
    "encoder.gn1.weight": (32,), "encoder.gn1.bias": (32,),
    "encoder.conv2.weight": (64, 32, 3, 3), "encoder.conv2.bias": (64,),
    "encoder.gn2.weight": (64,), "encoder.gn2.bias": (64,),
    "encoder.linear.weight": (LATENT, SMALL), "encoder.linear.bias": (LATENT,),
    "decoder.linear.weight": (SMALL, LATENT), "decoder.linear.bias": (SMALL,),
    "decoder.deconv1.weight": (32, 64, 3, 3), "decoder.deconv1.bias": (32,),
    "decoder.gn1.weight": (32,), "decoder.gn1.bias": (32,),
    "decoder.deconv2.weight": (COLOURS, 32, 3, 3), "decoder.deconv2.bias": (COLOURS,),
}


def draw(number, name, shape):
    """Uniform in +-1/8, around one for the scales of GroupNorm: exact in float32."""
    values = (noise(number, *shape) - np.float32(0.5)) * np.float32(0.25)
    if ".gn" in name and name.endswith("weight"):
        values = values + np.float32(1)
    return torch.from_numpy(values).requires_grad_()


def forward(p, x):
    def normed(name, t):
        return F.leaky_relu(F.group_norm(t, 32, p[f"{name}.weight"], p[f"{name}.bias"], eps=1e-5), 0.2)

    def conv(name, t, **how):
        return F.conv2d(t, p[f"{name}.weight"], p[f"{name}.bias"], padding=1, **how)

    def linear(name, t):
        return F.linear(t, p[f"{name}.weight"], p[f"{name}.bias"])

    def twice(t):
        return F.interpolate(t, scale_factor=2, mode="nearest")

    h = normed("encoder.gn1", conv("encoder.conv1", x, stride=2))
    h = normed("encoder.gn2", conv("encoder.conv2", h, stride=2))
    latent = linear("encoder.linear", h.flatten(1))
    h = linear("decoder.linear", latent).view(-1, 64, HEIGHT // 4, WIDTH // 4)
    h = normed("decoder.gn1", conv("decoder.deconv1", twice(h)))
    return latent, torch.sigmoid(conv("decoder.deconv2", twice(h)))


def main():
    torch.set_num_threads(1)
    p = {name: draw(i + 1, name, shape) for i, (name, shape) in enumerate(SHAPES.items())}
    pixels = np.floor(noise(100, IMAGES, COLOURS, HEIGHT, WIDTH) * 256).astype(np.uint8)
    x = torch.from_numpy(pixels.astype(np.float32) / np.float32(255))

    folder = pathlib.Path(__file__).with_name("autoencoder")
    folder.mkdir(exist_ok=True)
    optimiser = torch.optim.Adam(p.values(), lr=1e-3)
    losses = []
    for step in range(3):
        optimiser.zero_grad()
        latent, output = forward(p, x)
        loss = F.mse_loss(output, x)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            np.savez(folder / "pass.npz", latent=latent.detach().numpy(), output=output.detach().numpy(),
                     loss=np.float32(losses[0]), **{f"grad.{n}": t.grad.numpy() for n, t in p.items()})
        optimiser.step()
    np.savez(folder / "adam.npz", losses=np.float32(losses), **{n: t.detach().numpy() for n, t in p.items()})
    print(losses)


if __name__ == "__main__":
    main()
