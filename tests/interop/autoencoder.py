"""The reference autoencoder in PyTorch, as docs/autoencoder.md has it."""
import torch
import torch.nn.functional as F
from torch import nn


def twice(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Encoder(nn.Module):
    def __init__(self, latent_dim, channels=1, height=28, width=28):
        super().__init__()
        self.conv1, self.gn1 = nn.Conv2d(channels, 32, 3, stride=2, padding=1), nn.GroupNorm(32, 32)
        self.conv2, self.gn2 = nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.GroupNorm(32, 64)
        self.linear = nn.Linear(64 * (height // 4) * (width // 4), latent_dim)

    def forward(self, images):
        x = F.leaky_relu(self.gn1(self.conv1(images)), 0.2)
        x = F.leaky_relu(self.gn2(self.conv2(x)), 0.2)
        return self.linear(x.flatten(1))


class Decoder(nn.Module):
    def __init__(self, latent_dim, channels=1, height=28, width=28):
        super().__init__()
        self.small = (64, height // 4, width // 4)
        self.linear = nn.Linear(latent_dim, 64 * (height // 4) * (width // 4))
        self.deconv1, self.gn1 = nn.Conv2d(64, 32, 3, padding=1), nn.GroupNorm(32, 32)
        self.deconv2 = nn.Conv2d(32, channels, 3, padding=1)

    def forward(self, latents):
        x = self.linear(latents).view(-1, *self.small)
        x = F.leaky_relu(self.gn1(self.deconv1(twice(x))), 0.2)
        return torch.sigmoid(self.deconv2(twice(x)))


class Autoencoder(nn.Module):
    def __init__(self, latent_dim, **shape):
        super().__init__()
        self.encoder, self.decoder = Encoder(latent_dim, **shape), Decoder(latent_dim, **shape)

    def forward(self, images):
        return self.decoder(self.encoder(images))


def trained(latent_dim, images, steps=5, **shape):
    """A model after a few steps of Adam, so that every parameter has changed."""
    torch.manual_seed(7)
    model = Autoencoder(latent_dim, **shape)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(model(images), images).backward()
        optimizer.step()
    return model.requires_grad_(False)
