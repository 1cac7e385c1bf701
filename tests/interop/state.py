"""The parameters of the reference autoencoder as NumPy arrays, drawn at random, under PyTorch's names."""
import numpy as np


def random_state(seed, latent_dim, channels=1, height=28, width=28):
    small = 64 * (height // 4) * (width // 4)
    shapes = {
        "encoder.conv1.weight": (32, channels, 3, 3), "encoder.conv1.bias": (32,),
        "encoder.gn1.weight": (32,), "encoder.gn1.bias": (32,),
        "encoder.conv2.weight": (64, 32, 3, 3), "encoder.conv2.bias": (64,),
        "encoder.gn2.weight": (64,), "encoder.gn2.bias": (64,),
        "encoder.linear.weight": (latent_dim, small), "encoder.linear.bias": (latent_dim,),
        "decoder.linear.weight": (small, latent_dim), "decoder.linear.bias": (small,),
        "decoder.deconv1.weight": (32, 64, 3, 3), "decoder.deconv1.bias": (32,),
        "decoder.gn1.weight": (32,), "decoder.gn1.bias": (32,),
        "decoder.deconv2.weight": (channels, 32, 3, 3), "decoder.deconv2.bias": (channels,),
    }
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(-0.1, 0.12, shape).astype(np.float32) for name, shape in shapes.items()}
